import { type Locator, type Page } from '@playwright/test';

/** The page on which the cover and the masters of a release are replaced. */
export class ReleaseFilesPage {
  /** The line that leads to what was refused. */
  readonly refused: Locator;

  constructor(private readonly page: Page) {
    this.refused = page.getByRole('main').getByRole('alert');
  }

  /** The form of the cover. */
  get cover(): { region: Locator; file: Locator; send: Locator } {
    const region = this.page.getByRole('region', { name: 'Cover', exact: true });
    return {
      region,
      file: region.locator('input[type=file]'),
      send: region.getByRole('button', { name: /^(Upload|Replace) the / }),
    };
  }

  /** The form of the master of a track. */
  master(number: number): { region: Locator; file: Locator; send: Locator; onItsWay: Locator } {
    const region = this.page.getByRole('region', { name: new RegExp(`^Master of track ${number}:`) });
    return {
      region,
      file: region.locator('input[type=file]'),
      send: region.getByRole('button', { name: /^(Upload|Replace) the / }),
      onItsWay: region.getByRole('list', { name: 'Files on their way' }).getByRole('listitem'),
    };
  }
}
