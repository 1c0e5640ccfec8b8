import { type Locator, type Page, expect } from '@playwright/test';

/** The list of artists, of releases, of contracts or of recordings. */
export class ListPage {
  readonly table: Locator;
  readonly rows: Locator;
  readonly search: Locator;

  constructor(
    private readonly page: Page,
    private readonly name: 'Artists' | 'Releases' | 'Contracts' | 'Audio',
  ) {
    const region = name === 'Audio' ? 'Recordings' : name;
    this.table = page.getByRole('region', { name: region, exact: true }).getByRole('table');
    this.rows = this.table.locator('tbody').getByRole('row');
    this.search = page.getByRole('main').getByRole('searchbox');
  }

  get path(): string {
    return `/${this.name.toLowerCase()}`;
  }

  /** The rows' names in the order in which they stand. */
  async names(): Promise<string[]> {
    const links = await this.rows.getByRole('rowheader').getByRole('link').allInnerTexts();
    return links.map((text) => text.trim());
  }

  /** The texts of a column, without its head. */
  async column(head: string): Promise<string[]> {
    const heads = await this.table.getByRole('columnheader').allInnerTexts();
    const index = heads.findIndex((text) => text.trim() === head);
    expect(index, `there is a column ${head} among ${heads.join(', ')}`).toBeGreaterThanOrEqual(0);
    const cells = await this.rows.locator(`> :nth-child(${index + 1})`).allInnerTexts();
    return cells.map((text) => text.trim());
  }

  head(name: string): Locator {
    return this.table.getByRole('columnheader', { name });
  }

  async sortBy(head: string): Promise<void> {
    await this.table.getByRole('columnheader').getByRole('link', { name: head, exact: true }).click();
  }

  row(name: string | RegExp): Locator {
    return this.rows.filter({ has: this.page.getByRole('rowheader').getByRole('link', { name }) });
  }

  link(name: string | RegExp): Locator {
    return this.rows.getByRole('rowheader').getByRole('link', { name }).first();
  }

  /** Goes to the list and learns the address behind a name. */
  async addressOf(name: string | RegExp): Promise<string> {
    await this.page.goto(this.path);
    // Who goes on before it is alive leaves a page that is still loading.
    await expect(this.page.locator('html')).toHaveAttribute('data-hydrated');
    const address = await this.link(name).getAttribute('href');
    if (!address) throw new Error(`no link for ${name}`);
    return address;
  }
}
