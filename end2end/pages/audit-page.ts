import { type Locator, type Page } from '@playwright/test';

/** The page of the audit log. */
export class AuditPage {
  readonly table: Locator;
  readonly drawer: Locator;
  readonly search: Locator;

  constructor(private readonly page: Page) {
    this.table = page.getByRole('table');
    this.drawer = page.getByRole('complementary', { name: 'Record' });
    this.search = page.getByRole('button', { name: 'Search', exact: true });
  }

  field(label: string): Locator {
    return this.page.getByRole('form', { name: 'Search the audit log' }).getByLabel(label);
  }

  record(operation: string): Locator {
    return this.table.getByRole('link', { name: operation, exact: true }).first();
  }

  /** The row of a call that touched something of this name. */
  touched(name: string): Locator {
    return this.table.getByRole('row').filter({ hasText: name }).first();
  }

  /** What came of verifying the record. */
  get verdict(): Locator {
    return this.drawer.getByRole('status').filter({ hasText: 'This record' });
  }

  get verify(): Locator {
    return this.drawer.getByRole('link', { name: 'Verify this record' });
  }
}
