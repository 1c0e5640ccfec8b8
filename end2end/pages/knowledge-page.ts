import { type Locator, type Page, expect } from '@playwright/test';

/** The page of the knowledge base: search, answer, source, documents. */
export class KnowledgePage {
  readonly search: Locator;
  readonly answerButton: Locator;
  readonly answer: Locator;
  readonly answerText: Locator;
  /** What a screen reader says of the answer. */
  readonly announcement: Locator;
  readonly cards: Locator;
  readonly drawer: Locator;
  readonly documents: Locator;
  readonly uploads: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.search = main.getByRole('searchbox', { name: 'Ask or search the knowledge base' });
    this.answerButton = main.getByRole('button', { name: 'Answer', exact: true });
    this.answer = main.getByRole('region', { name: /^Answer/ });
    this.answerText = this.answer.locator('.answer-text');
    this.announcement = main.getByRole('status').filter({ hasText: /nswer/ });
    this.cards = main.getByRole('article');
    this.drawer = main.getByRole('complementary', { name: 'Source' });
    this.documents = main.getByRole('list', { name: /^Documents / }).locator('> li');
    this.uploads = main.getByRole('list', { name: 'Files on their way' }).locator('> li');
  }

  static readonly documentsAddress = '/knowledge?view=documents';

  /** A document of the list, by the name of its file. */
  document(name: string): Locator {
    return this.documents.filter({ hasText: name });
  }

  /** A file on its way, by its name. */
  upload(name: string): Locator {
    return this.uploads.filter({ hasText: name });
  }

  /** Picks a file, and waits until the knowledge base has read it. */
  async add(name: string, content: Buffer): Promise<void> {
    await this.pick(name, content);
    await expect(this.upload(name)).toContainText('Added');
    await expect(this.document(name)).toContainText('Searchable', { timeout: 120_000 });
  }

  async pick(name: string, content: Buffer): Promise<void> {
    await this.page.getByLabel('Pick a file, or drop it here').setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: content,
    });
  }

  /** Removes a document, as somebody who means it. */
  async remove(name: string): Promise<void> {
    await this.document(name).getByRole('link', { name: `Remove ${name}` }).click();
    await this.page.getByRole('button', { name: 'Remove it' }).click();
    await expect(this.page.getByText(`“${name}” was removed`)).toBeVisible();
    await expect(this.document(name)).toHaveCount(0);
  }
}
