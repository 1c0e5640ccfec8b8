import { type Locator, type Page } from '@playwright/test';

/** The page on which the cover and the masters of a release are replaced. */
export class ReleaseFilesPage {
  constructor(private readonly page: Page) {}

  /** The form of the master of a track. */
  master(number: number): { file: Locator; send: Locator } {
    const region = this.page.getByRole('region', { name: new RegExp(`^Master of track ${number}:`) });
    return { file: region.locator('input[type=file]'), send: region.getByRole('button', { name: /^Upload the / }) };
  }
}
