import { type Locator, type Page } from '@playwright/test';

/** The pages of API keys. */
export class KeysPage {
  readonly name: Locator;
  readonly days: Locator;
  readonly addresses: Locator;
  readonly make: Locator;
  /** The key that was made, which is shown once. */
  readonly made: Locator;
  readonly refusal: Locator;

  constructor(private readonly page: Page) {
    this.name = page.getByLabel('Name', { exact: true });
    this.days = page.getByLabel('Works for so many days');
    this.addresses = page.getByLabel('From these addresses only');
    this.make = page.getByRole('button', { name: 'Make the key' });
    this.made = page.getByTestId('key');
    this.refusal = page.getByRole('alert');
  }

  scope(words: string): Locator {
    return this.page.getByRole('radio', { name: words });
  }

  row(name: string): Locator {
    return this.page.getByRole('row').filter({ hasText: name });
  }

  async revoke(name: string): Promise<void> {
    const row = this.row(name);
    await row.locator('summary').click();
    await row.getByRole('button', { name: `Revoke ${name}`, exact: true }).click();
  }
}
