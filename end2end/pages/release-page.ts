import { type Locator, type Page } from '@playwright/test';

/** The page of one release. */
export class ReleasePage {
  readonly title: Locator;
  readonly editDetails: Locator;
  readonly files: Locator;
  readonly tracks: Locator;
  readonly players: Locator;
  readonly checks: Locator;
  readonly findings: Locator;

  constructor(private readonly page: Page) {
    this.title = page.getByRole('heading', { level: 1 });
    this.editDetails = page.getByRole('link', { name: 'Edit details', exact: true });
    this.files = page.getByRole('link', { name: 'Cover and masters', exact: true });
    this.tracks = page.getByRole('region', { name: 'Tracks' }).getByRole('table').locator('tbody').getByRole('row');
    this.players = page.locator('audio');
    this.checks = page.getByRole('region', { name: 'Check before delivery' });
    // Those that somebody can waive, or has waived.
    this.findings = this.checks.locator('.checks-finding').filter({ hasText: /Refused|To look at/ });
  }

  /** What is said under this name, for instance `Release date`. */
  fact(name: string): Locator {
    return this.page.getByRole('main').locator('dl > div').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }

  /** Has the release checked for a store. */
  async checkFor(store: string): Promise<void> {
    await this.checks.getByRole('navigation', { name: 'Store' }).getByRole('link', { name: store }).click();
  }

  /** The way to the form of a track. */
  editTrack(number: number): Locator {
    return this.page.getByRole('link', { name: `Edit details of track ${number}`, exact: true });
  }

  /** The way from a finding to where it is mended. */
  mend(finding: string): Locator {
    return this.checks.getByRole('link', { name: `Mend it: ${finding}` });
  }

  /** What the findings come to for a store. */
  verdict(store: string): Locator {
    return this.checks.locator('dl > div').filter({ has: this.page.getByText(store, { exact: true }) }).locator('dd');
  }

  /** The release date as year-month-day. */
  async date(): Promise<string | null> {
    return this.fact('Release date').locator('time').getAttribute('datetime');
  }
}
