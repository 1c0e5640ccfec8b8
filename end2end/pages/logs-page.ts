import { type Locator, type Page, expect } from '@playwright/test';

/** The search of the page of logs, and the activity of a person. */
export class LogsPage {
  readonly query: Locator;
  readonly run: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly matches: Locator;
  readonly chart: Locator;
  readonly queryError: Locator;
  readonly cancel: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.query = main.getByLabel('Query', { exact: true });
    this.run = main.getByRole('button', { name: 'Run', exact: true });
    this.table = main.getByRole('region', { name: 'Rows that were found' }).getByRole('table');
    this.rows = this.table.locator('tbody').getByRole('row');
    this.matches = main.getByRole('region', { name: 'Matching records' }).first();
    this.chart = main.getByRole('region', { name: 'Over time' });
    this.queryError = page.locator('#log-query-error');
    this.cancel = main.getByRole('button', { name: 'Cancel' });
  }

  static address(fields: Record<string, string>): string {
    return `/logs?${new URLSearchParams(fields)}`;
  }

  /** A range by its name, as a person picks it. */
  range(name: string): Locator {
    return this.page.getByRole('group', { name: 'Range' }).getByText(name, { exact: true });
  }

  /** Waits for rows, and for the end of the search: until then they are those that were found so far. */
  async foundAll(): Promise<void> {
    await expect(this.rows.first()).toBeVisible();
    await expect(this.cancel).toHaveCount(0);
  }

  /** The texts of a column, without its head. */
  async column(head: string): Promise<string[]> {
    const heads = (await this.table.getByRole('columnheader').allInnerTexts()).map((text) => text.trim());
    const index = heads.indexOf(head);
    expect(index, `there is a column ${head} among ${heads.join(', ')}`).toBeGreaterThanOrEqual(0);
    const cells = await this.rows.locator(`> :nth-child(${index + 1})`).allInnerTexts();
    return cells.map((text) => text.trim());
  }

  /** One of the parts that help to fill in the form, opened. */
  async aid(name: RegExp): Promise<Locator> {
    const aid = this.page.locator('.log-aids > details').filter({ has: this.page.locator('summary', { hasText: name }) });
    await aid.locator('summary').click();
    return aid;
  }
}
