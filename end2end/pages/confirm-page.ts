import { type Locator, type Page } from '@playwright/test';

/** The page where somebody shows once more who they are, and what other pages say of it. */
export class ConfirmPage {
  readonly heading: Locator;
  readonly notice: Locator;
  readonly password: Locator;
  readonly refusal: Locator;

  constructor(private readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1, name: 'Confirm that it is you' });
    this.notice = page.getByRole('main').getByRole('link', { name: 'confirm that it is you', exact: true });
    this.password = page.getByLabel('Your password');
    this.refusal = page.getByRole('alert');
  }

  async confirm(password: string): Promise<void> {
    await this.password.fill(password);
    await this.page.getByRole('button', { name: 'Confirm', exact: true }).click();
  }

  /** The way to the provider. */
  provider(name: string): Locator {
    return this.page.getByRole('link', { name: `Confirm with ${name}` });
  }
}
