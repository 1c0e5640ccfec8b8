import { type Locator, type Page } from '@playwright/test';

/** The forms of what an artist, a release or one of its tracks says, and of the order of the tracks. */
export class DetailsPage {
  readonly keep: Locator;
  readonly keepOrder: Locator;
  readonly failure: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.keep = main.getByRole('button', { name: 'Keep these details' });
    this.keepOrder = main.getByRole('button', { name: 'Keep this order' });
    this.failure = main.getByRole('alert');
  }

  field(label: string): Locator {
    return this.page.getByRole('main').getByLabel(label, { exact: true });
  }

  /** The field with the place of a track. */
  place(track: string): Locator {
    return this.page.locator(`[id="field-place-${track}"]`);
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
