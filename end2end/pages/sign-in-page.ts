import { type Locator, type Page } from '@playwright/test';

/** The page of sign-in, and the one behind a link. */
export class SignInPage {
  readonly email: Locator;
  readonly password: Locator;
  readonly refusal: Locator;

  constructor(private readonly page: Page) {
    this.email = page.getByLabel('E-mail address');
    this.password = page.getByLabel('Password');
    this.refusal = page.getByRole('alert');
  }

  /** By which the log tells of a refusal. */
  get request(): Locator {
    return this.refusal.locator('code');
  }

  async fill(email: string, password: string): Promise<void> {
    await this.email.fill(email);
    await this.password.fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** The button of a demo account. */
  demo(role: string): Locator {
    return this.page.getByRole('button', { name: `Look around as ${role}` });
  }

  /** The way to the provider at which people sign in. */
  provider(name: string): Locator {
    return this.page.getByRole('link', { name: `Sign in with ${name}` });
  }

  /** The way out at the provider, on the page after a sign-out. */
  signOutAt(name: string): Locator {
    return this.page.getByRole('link', { name: `Sign out at ${name}, too` });
  }

  /** Who is signed in, as the bar tells. */
  get signOut(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: 'Sign out' });
  }
}
