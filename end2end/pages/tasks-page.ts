import { type Locator, type Page } from '@playwright/test';

/** The page of tasks, and the page of each. */
export class TasksPage {
  readonly form: Locator;
  readonly words: Locator;
  readonly start: Locator;
  readonly suggestions: Locator;
  readonly history: Locator;
  readonly summary: Locator;
  readonly answer: Locator;
  readonly footnotes: Locator;
  readonly sources: Locator;
  readonly question: Locator;
  readonly problem: Locator;
  readonly plan: Locator;
  readonly stop: Locator;
  readonly again: Locator;
  readonly feedback: Locator;
  readonly sharing: Locator;
  readonly link: Locator;

  constructor(private readonly page: Page) {
    this.form = page.getByRole('form', { name: 'New task' });
    this.words = this.form.getByLabel('What do you want to know, or to have done?');
    this.start = this.form.getByRole('button', { name: 'Start' });
    this.suggestions = page.getByRole('region', { name: 'What you can ask' });
    this.history = page.getByRole('region', { name: 'Your tasks', exact: true });
    this.summary = page.getByRole('region', { name: 'The task', exact: true });
    this.answer = page.locator('.task-answer');
    this.footnotes = this.answer.getByRole('link', { name: /^Source \d+$/ });
    this.sources = this.answer.getByRole('list', { name: 'Sources' }).getByRole('listitem');
    this.question = page.locator('.task-choices');
    this.problem = page.locator('.task-problem');
    this.plan = page.getByRole('region', { name: /^Plan/ }).first();
    this.stop = page.getByRole('button', { name: 'Stop the task' });
    this.again = page.getByRole('button', { name: 'Run again' });
    this.feedback = page.getByRole('region', { name: 'Did this help?' });
    this.sharing = page.getByRole('region', { name: 'Share', exact: true });
    this.link = this.sharing.locator('.task-link code');
  }

  async ask(words: string): Promise<void> {
    await this.words.fill(words);
    await this.start.click();
  }

  step(id: string): Locator {
    return this.plan.locator('.task-step').filter({ has: this.page.locator(`#step-${id}`) });
  }
}
