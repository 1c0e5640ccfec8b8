import { type Locator, type Page } from '@playwright/test';

/** The page of one artist. */
export class ArtistPage {
  readonly whatChanged: Locator;
  readonly signs: Locator;
  readonly forecast: Locator;
  readonly momentum: Locator;
  readonly similar: Locator;

  constructor(private readonly page: Page) {
    this.whatChanged = this.region('What changed and why');
    this.signs = this.region('Signs of artificial streams');
    this.forecast = this.region('The next 28 days');
    this.momentum = page.getByRole('region', { name: 'Momentum', exact: true });
    this.similar = page.getByRole('region', { name: 'Similar artists', exact: true });
  }

  private region(name: string): Locator {
    return this.page.getByRole('region', { name });
  }
}
