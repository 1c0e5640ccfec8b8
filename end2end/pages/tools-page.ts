import { type Locator, type Page, expect } from '@playwright/test';

/** The page on which a person runs a tool by hand. */
export class ToolsPage {
  readonly run: Locator;
  readonly confirm: Locator;
  readonly cancel: Locator;
  readonly result: Locator;
  readonly done: Locator;
  /** The result for people, and as the tool gave it; one of the two is shown. */
  readonly readable: Locator;
  readonly json: Locator;
  readonly showJson: Locator;
  readonly failure: Locator;
  /** Sends the form once more, where that can help. */
  readonly tryAgain: Locator;
  /** What the run touched in AWS: there from the start, though folded away. */
  readonly touched: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.run = main.getByRole('button', { name: 'Run', exact: true });
    this.confirm = page.getByRole('dialog').getByRole('button', { name: 'Run it' });
    this.cancel = main.getByRole('button', { name: 'Cancel' });
    this.result = main.getByRole('region', { name: 'Result', exact: true });
    this.done = this.result.getByText(/^Done in /);
    this.readable = this.result.locator('.result-readable');
    this.json = this.result.getByRole('region', { name: 'Result as JSON' });
    this.showJson = this.result.getByRole('radio', { name: 'JSON' });
    this.failure = this.result.getByRole('alert');
    this.tryAgain = this.failure.getByRole('button', { name: 'Try again' });
    this.touched = this.result.locator('details').filter({ hasText: /^Touched / });
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

  /** Runs the tool, says yes when asked whether it may overwrite, and waits for the answer. */
  async runAndConfirm(): Promise<void> {
    await this.run.click();
    const answered = this.done.or(this.failure);
    await this.confirm.or(answered).first().waitFor();
    if (await this.confirm.isVisible()) await this.confirm.click();
    await answered.first().waitFor();
  }

  /** The call as a shell command, from the clipboard. */
  copyCurl(): Promise<string> {
    return this.copy('Copy curl', 'curl');
  }

  /** The call as a message of MCP, from the clipboard. */
  copyMcpCall(): Promise<string> {
    return this.copy('Copy MCP call', 'jsonrpc');
  }

  private async copy(button: string, part: string): Promise<string> {
    await this.page.getByText('Use this call elsewhere').click();
    await this.page.getByRole('button', { name: button }).click();
    const copied = () => this.page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toContain(part);
    return copied();
  }
}
