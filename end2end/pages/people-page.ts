import { type Locator, type Page } from '@playwright/test';

/** The page of people, for admins. */
export class PeoplePage {
  readonly outcome: Locator;
  readonly link: Locator;

  constructor(private readonly page: Page) {
    this.outcome = page.locator('#users-outcome');
    this.link = this.outcome.locator('code');
  }

  /** The row of somebody. */
  row(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async invite(name: string, email: string, role: string): Promise<void> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Role', { exact: true }).selectOption(role);
    await this.button('Invite').click();
  }
}
