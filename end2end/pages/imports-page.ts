import { type Locator, type Page, expect } from '@playwright/test';

/** The pages of imports. */
export class ImportsPage {
  readonly file: Locator;
  readonly send: Locator;
  readonly artist: Locator;
  readonly checkAgain: Locator;
  readonly run: Locator;
  readonly undo: Locator;
  readonly progress: Locator;
  readonly questions: Locator;

  constructor(private readonly page: Page) {
    this.file = page.getByLabel('File', { exact: true });
    this.send = page.getByRole('button', { name: 'Check the file' });
    this.artist = page.getByLabel('Artist', { exact: true });
    this.checkAgain = page.getByRole('button', { name: 'Check again' });
    this.run = page.getByRole('button', { name: /^Import \d/ });
    this.undo = page.getByRole('button', { name: 'Undo the import' });
    this.progress = page.getByTestId('progress');
    this.questions = page.getByRole('region', { name: 'What has to be said first' });
  }

  async bring(name: string, content: string): Promise<void> {
    await this.file.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await this.send.click();
  }

  /** A state that the import is in. Without a script the page is asked again. */
  async reaches(state: string, script: boolean): Promise<void> {
    const badge = this.page.getByRole('status').getByText(state, { exact: true });
    if (script) {
      await badge.waitFor();
      return;
    }
    await expect(async () => {
      if (!(await badge.isVisible())) await this.page.reload();
      await expect(badge).toBeVisible({ timeout: 1_000 });
    }).toPass();
  }

  async undoAll(): Promise<void> {
    await this.page.locator('summary', { hasText: 'Undo' }).click();
    await this.undo.click();
  }
}
