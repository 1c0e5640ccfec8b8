import { type Locator, type Page } from '@playwright/test';

/** The form of what a release, or one of its tracks, says. */
export class DetailsPage {
  readonly keep: Locator;
  readonly failure: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.keep = main.getByRole('button', { name: 'Keep these details' });
    this.failure = main.getByRole('alert');
  }

  field(label: string): Locator {
    return this.page.getByRole('main').getByLabel(label, { exact: true });
  }

  /** The message at a field. */
  message(name: string): Locator {
    return this.page.locator(`[id="field-${name}-error"]`);
  }

  /** What somebody else has stored in a field meanwhile. */
  stored(name: string): Locator {
    return this.page.locator(`[id="field-${name}-stored"]`);
  }
}
