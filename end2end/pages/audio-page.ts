import { type Locator, type Page, expect } from '@playwright/test';

/** The page of recordings, and the page of each. */
export class AudioPage {
  readonly upload: Locator;
  readonly files: Locator;
  readonly folder: Locator;
  readonly onTheirWay: Locator;
  readonly list: Locator;
  readonly wave: Locator;
  readonly findings: Locator;
  readonly properties: Locator;
  /** Where tempo and key are stated. */
  readonly statement: Locator;
  readonly tempo: Locator;
  readonly key: Locator;

  constructor(private readonly page: Page) {
    this.upload = page.getByRole('region', { name: 'Upload recordings' });
    this.files = this.upload.getByLabel('Pick files, or drop them or folders here');
    this.folder = this.upload.getByLabel('Folder', { exact: true });
    this.onTheirWay = this.upload.getByRole('list', { name: 'Files on their way' }).getByRole('listitem');
    this.list = page.getByRole('region', { name: 'Recordings', exact: true });
    this.wave = page.getByRole('slider', { name: /^Position in / });
    this.findings = page.getByRole('list', { name: /^Findings for / }).getByRole('listitem');
    this.properties = page.getByRole('region', { name: 'Properties', exact: true });
    this.statement = page.getByRole('region', { name: 'Tempo and key', exact: true });
    this.tempo = this.statement.getByLabel('Tempo, in beats a minute', { exact: true });
    this.key = this.statement.getByLabel('Key', { exact: true });
  }

  /** A button of the panel of tempo and key. */
  stating(name: string): Locator {
    return this.statement.getByRole('button', { name, exact: true });
  }

  /** Waits until a recording of this name is checked, and goes to its page. */
  async openChecked(file: string): Promise<void> {
    await expect(async () => {
      await this.page.goto(`/audio?search=${file}`);
      await expect(this.row(file)).toContainText(/Passed|Look at it/, { timeout: 500 });
    }).toPass();
    await this.row(file).getByRole('link').first().click();
    await expect(this.properties).toBeVisible();
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
