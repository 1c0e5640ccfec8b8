import { type Locator, type Page } from '@playwright/test';

/** The page of one contract. */
export class ContractPage {
  readonly terms: Locator;
  readonly text: Locator;
  readonly enter: Locator;
  readonly keep: Locator;

  constructor(private readonly page: Page) {
    this.terms = page.getByRole('region', { name: 'What it says' });
    this.text = page.getByRole('region', { name: 'Text' });
    this.enter = this.terms.getByText('Enter what it says');
    this.keep = this.terms.getByRole('button', { name: 'Keep these terms' });
  }

  field(name: string): Locator {
    return this.terms.getByLabel(name, { exact: true });
  }

  /** What is said under this name, for instance `Territory`. */
  fact(name: string): Locator {
    return this.terms.locator('dl > div').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }
}
