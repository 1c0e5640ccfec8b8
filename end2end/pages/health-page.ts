import { type Locator, type Page } from '@playwright/test';

/** The page of all servers. */
export class HealthPage {
  readonly overall: Locator;

  constructor(private readonly page: Page) {
    this.overall = page.getByRole('banner').getByRole('link', { name: /servers? |: / });
  }

  server(name: string): Locator {
    return this.page.getByRole('region', { name: new RegExp(`^${name.replace(/[()]/g, '\\$&')}`) });
  }

  /** Drains a server by the button, after its question. */
  async drain(name: string): Promise<void> {
    const server = this.server(name);
    await server.getByText('Drain …').click();
    await server.getByRole('button', { name: `Drain ${name}` }).click();
  }

  async enable(name: string): Promise<void> {
    await this.server(name).getByRole('button', { name: `Enable ${name}` }).click();
  }
}
