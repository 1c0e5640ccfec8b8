import { type Locator, type Page } from '@playwright/test';

/** The page on which a person runs a tool by hand. */
export class ToolsPage {
  readonly run: Locator;
  readonly confirm: Locator;
  readonly result: Locator;
  readonly copyCurl: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.run = main.getByRole('button', { name: /^Run/ });
    this.confirm = page.getByRole('dialog').getByRole('button', { name: /^(Run|Change|Yes|Confirm|Upload)/ });
    this.result = main.getByRole('region', { name: 'Result' });
    this.copyCurl = main.getByRole('button', { name: /curl/i });
  }

  static address(tool: string, argumentsOfCall?: Record<string, unknown>): string {
    const query = new URLSearchParams({ tool });
    if (argumentsOfCall) query.set('arguments', JSON.stringify(argumentsOfCall));
    return `/tools?${query}`;
  }

  /** The field of an argument, by the label that people read; a needed one has an asterisk behind it. */
  field(label: string): Locator {
    return this.page.getByRole('main').getByLabel(new RegExp(`^${label}\\s*\\*?$`));
  }

  /** The message at a field. */
  async message(label: string): Promise<Locator> {
    const id = await this.field(label).getAttribute('id');
    return this.page.locator(`[id="${id}-error"]`);
  }

  /** Runs a tool that changes something, and says yes when asked. */
  async runAndConfirm(): Promise<void> {
    await this.run.click();
    await this.confirm.or(this.result).first().waitFor();
    if (await this.confirm.isVisible()) await this.confirm.click();
  }
}
