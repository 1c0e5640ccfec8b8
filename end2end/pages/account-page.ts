import { type Locator, type Page } from '@playwright/test';

/** The page of one's own account. */
export class AccountPage {
  readonly sessions: Locator;
  readonly activity: Locator;
  readonly signOutEverywhere: Locator;

  constructor(private readonly page: Page) {
    this.sessions = page.getByRole('region', { name: 'Table of your sessions' }).getByRole('row');
    this.activity = page.getByRole('region', { name: 'Table of what you did' }).getByRole('row');
    this.signOutEverywhere = page.getByRole('button', { name: 'Sign out everywhere' });
  }

  /** The buttons that end another session than this one. */
  get ends(): Locator {
    return this.page.getByRole('button', { name: /^End the session of/ });
  }

  /** The link that shows only what was done by somebody: `By me`, `By my keys`. */
  doneBy(whom: string): Locator {
    return this.page.getByRole('navigation', { name: 'By whom it was done' }).getByRole('link', { name: whom, exact: true });
  }

  async changePassword(old: string, next: string): Promise<void> {
    await this.page.getByLabel('The password that you have now').fill(old);
    await this.page.getByLabel('The new password').fill(next);
    await this.page.getByRole('button', { name: 'Change the password' }).click();
  }
}
