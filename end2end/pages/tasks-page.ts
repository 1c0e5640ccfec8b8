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
  readonly graph: Locator;
  readonly timeline: Locator;
  readonly approval: Locator;
  readonly change: Locator;
  readonly changed: Locator;
  readonly leaveOut: Locator;
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
    this.graph = page.getByRole('region', { name: 'Plan as a drawing' });
    this.timeline = page.getByRole('region', { name: /^Timeline/ });
    this.approval = page.getByRole('region', { name: 'Approve before it is done' });
    this.change = this.approval.getByRole('link', { name: /^Change step s\d+$/ });
    this.changed = page.getByRole('form', { name: /^Change step s\d+: / });
    this.leaveOut = this.approval.getByRole('button', { name: /^Leave out step s\d+$/ });
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

  /** A button of what waits for approval: `Approve`, `Refuse`. */
  decide(word: string): Locator {
    return this.approval.getByRole('button', { name: word, exact: true });
  }

  /** The field of an argument in the form with other ones, by the label that people read. */
  argument(label: string): Locator {
    return this.changed.getByLabel(new RegExp(`^${label}\\s*\\*?$`));
  }

  /** The message at the field of an argument, by the name of the argument. */
  wrong(argument: string): Locator {
    return this.page.locator(`[id="argument-${argument}-error"]`);
  }

  /** The id by which the log knows the call of a step; there also while the step is folded away. */
  request(id: string): Locator {
    return this.step(id).locator('a', { hasText: /^req_/ });
  }

  step(id: string): Locator {
    return this.plan.locator('.task-step').filter({ has: this.page.locator(`#step-${id}`) });
  }
}
