import { type Locator, type Page } from '@playwright/test';

/** The page of automations, and the page of each. */
export class AutomationPage {
  readonly form: Locator;
  readonly task: Locator;
  readonly when: Locator;
  readonly list: Locator;
  readonly history: Locator;
  readonly summary: Locator;
  readonly runNow: Locator;
  readonly pause: Locator;
  readonly resume: Locator;

  constructor(private readonly page: Page) {
    this.form = page.getByRole('form', { name: 'New automation' });
    this.task = this.form.getByLabel('What is to be done?');
    this.when = this.form.getByLabel('It runs');
    this.list = page.getByRole('region', { name: 'Your automations' });
    this.history = page.getByRole('region', { name: 'Runs of this automation' });
    this.summary = page.getByRole('region', { name: 'The automation' });
    this.runNow = page.getByRole('button', { name: 'Run now' });
    this.pause = page.getByRole('button', { name: 'Pause', exact: true });
    this.resume = page.getByRole('button', { name: 'Resume' });
  }

  /** Sets one up that runs every Friday, and leads to its page. */
  async everyFriday(task: string, name: string): Promise<void> {
    await this.task.fill(task);
    await this.form.getByLabel('Name', { exact: true }).fill(name);
    await this.when.selectOption('week');
    await this.form.getByLabel('On', { exact: true }).selectOption('friday');
    await this.form.getByLabel('At', { exact: true }).fill('07:30');
    await this.form.getByLabel('Time zone').fill('Europe/Oslo');
    await this.form.getByRole('button', { name: 'Set it up' }).click();
  }

  /** Deletes the one whose page this is. */
  async remove(name: string): Promise<void> {
    await this.page.getByText('Delete it …').click();
    await this.page.getByRole('button', { name: `Delete ${name}` }).click();
  }
}
