import { type Locator, type Page } from '@playwright/test';

/** The page of limits, budgets and the configuration. */
export class SettingsPage {
  readonly forPerson: Locator;
  readonly why: Locator;
  readonly save: Locator;
  readonly refusal: Locator;
  readonly saved: Locator;

  constructor(private readonly page: Page) {
    this.forPerson = page.getByLabel('US dollars a day for each person');
    this.why = page.getByLabel('Why', { exact: true });
    this.save = page.getByRole('button', { name: 'Save' });
    this.refusal = page.getByRole('alert');
    this.saved = page.getByRole('status').filter({ hasText: 'Saved.' });
  }

  /** The way to a form that begins with an older version, which somebody gave this reason for. */
  beginWith(note: string): Locator {
    return this.page
      .getByRole('region', { name: 'Changes of limits and budgets' })
      .getByRole('row')
      .filter({ hasText: note })
      .getByRole('link', { name: /^Begin with this/ })
      .first();
  }

  /** The row of a variable in the table of the configuration. */
  variable(name: string): Locator {
    return this.page.getByRole('region', { name: 'Configuration of this instance' }).getByRole('row').filter({ hasText: name });
  }
}
