import { type Locator, type Page } from '@playwright/test';

/** The page of the policy, for admins. */
export class PolicyPage {
  readonly rule: Locator;
  readonly name: Locator;
  readonly show: Locator;
  readonly preview: Locator;
  readonly note: Locator;
  readonly save: Locator;
  readonly done: Locator;
  readonly refusal: Locator;
  readonly changes: Locator;

  constructor(private readonly page: Page) {
    this.rule = page.getByRole('form', { name: 'A rule' });
    this.name = this.rule.getByLabel('Name', { exact: true });
    this.show = this.rule.getByRole('button', { name: 'Show what changes' });
    this.preview = page.getByRole('region', { name: 'Before it is saved' });
    this.note = this.preview.getByLabel('Why');
    this.save = this.preview.getByRole('button', { name: 'Save' });
    this.done = page.locator('#policy-outcome').getByRole('status');
    this.refusal = page.getByRole('alert');
    this.changes = page.getByRole('region', { name: 'Changes of the policy' });
  }

  /** The row of a rule that holds. */
  row(rule: string): Locator {
    return this.page.getByRole('region', { name: 'Rules' }).getByRole('row').filter({ hasText: rule });
  }

  async denyTool(rule: string, tool: string): Promise<void> {
    await this.name.fill(rule);
    await this.rule.getByRole('checkbox', { name: tool, exact: true }).check();
    await this.show.click();
  }

  async saveBecause(why: string): Promise<void> {
    await this.note.fill(why);
    await this.save.click();
  }
}
