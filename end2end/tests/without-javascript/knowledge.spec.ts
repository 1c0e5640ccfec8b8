import { KnowledgePage } from '../../pages/knowledge-page';
import { pdfFile } from '../../support/pdf-file';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('the knowledge base is searched, narrowed and answers', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill('what is the mechanical rate for a 6:10 song pressed in 2026?');
    await page.getByLabel('Topic').selectOption({ label: 'Rates' });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect(page).toHaveURL(/topic=rates/);
    await expect(page.getByRole('region', { name: 'Worked out' })).toContainText('17.64\u00a0¢');
    await knowledge.answerButton.click();
    await expect(knowledge.answer).toContainText('17.64\u00a0¢');
    await knowledge.answer.getByRole('link', { name: /^Source 1: / }).first().click();
    await expect(knowledge.drawer).toContainText('2.52\u00a0¢');
    await knowledge.drawer.getByRole('link', { name: 'Close' }).click();
    await expect(knowledge.drawer).toHaveCount(0);
  });

  test('a document is added, found with its page, and removed', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    await knowledge.pick('plain-form.pdf', pdfFile([['The first page.'], ['The kookaburra option ends in March.']]));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText('“plain-form.pdf” was added')).toBeVisible();
    await expect(async () => {
      await open('/knowledge?search=kookaburra%20option');
      await expect(knowledge.cards.first()).toContainText('plain-form.pdf · page 2', { timeout: 500 });
    }).toPass();
    await open(KnowledgePage.documentsAddress);
    await knowledge.remove('plain-form.pdf');
  });

  test('a document that cannot be read is refused with the reason', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/knowledge');
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    await knowledge.pick('broken-form.pdf', Buffer.from('%PDF-1.4\nnothing of the kind'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('damaged');
    await expect(knowledge.document('broken-form.pdf')).toHaveCount(0);
  });
});
