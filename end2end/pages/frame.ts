import { type Locator, type Page } from '@playwright/test';

/** What surrounds every page: menu, bar, colours. */
export class Frame {
  readonly menu: Locator;
  readonly heading: Locator;

  constructor(private readonly page: Page) {
    this.menu = page.getByRole('navigation', { name: 'Main' }).filter({ visible: true });
    this.heading = page.getByRole('heading', { level: 1 });
  }

  entry(name: string): Locator {
    return this.menu.getByRole('link', { name, exact: true });
  }

  colours(name: 'Light' | 'Dark' | 'As the system'): Locator {
    return this.page.getByRole('group', { name: 'Colours' }).getByRole('button', { name });
  }

  /** By how many pixels the page is wider than the window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
}
