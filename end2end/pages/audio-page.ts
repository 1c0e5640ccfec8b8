import { type Locator, type Page } from '@playwright/test';

/** The page of recordings, and the page of each. */
export class AudioPage {
  readonly upload: Locator;
  readonly files: Locator;
  readonly folder: Locator;
  readonly onTheirWay: Locator;
  readonly list: Locator;
  readonly wave: Locator;
  readonly findings: Locator;

  constructor(private readonly page: Page) {
    this.upload = page.getByRole('region', { name: 'Upload recordings' });
    this.files = this.upload.getByLabel('Pick files, or drop them or folders here');
    this.folder = this.upload.getByLabel('Folder', { exact: true });
    this.onTheirWay = this.upload.getByRole('list', { name: 'Files on their way' }).getByRole('listitem');
    this.list = page.getByRole('region', { name: 'Recordings', exact: true });
    this.wave = page.getByRole('slider', { name: /^Position in / });
    this.findings = page.getByRole('list', { name: /^Findings for / }).getByRole('listitem');
  }

  row(file: string): Locator {
    return this.list.getByRole('row').filter({ hasText: file });
  }

  /** A button beside a file on its way. */
  act(name: string): Locator {
    return this.onTheirWay.getByRole('button', { name, exact: true });
  }

  store(name: string): Locator {
    return this.page.getByRole('region', { name: 'What stores would say' }).getByRole('link', { name });
  }

  finding(title: string): Locator {
    return this.findings.filter({ hasText: title });
  }
}
