import { KnowledgePage } from '../pages/knowledge-page';
import { pdfFile } from '../support/pdf-file';
import { expect, test } from '../support/test';

const MECHANICAL = 'what is the mechanical rate for a 6:10 song pressed in 2026?';

/** A contract of three pages, with one clause that nobody else has. */
function contract(clause: string): Buffer {
  return pdfFile([
    ['Recording agreement between Northlight Records and Mira Holm.', 'The term begins on the first of May.'],
    ['4. Deliveries. The artist delivers ten masters with their stems.', clause],
    ['9. General. Changes to this agreement need the signature of both parties.'],
  ]);
}

test.describe('Asking the knowledge base', () => {
  test('the mechanical of a long song is 17.64 ¢, with its source', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill(MECHANICAL);
    await knowledge.answerButton.click();
    await expect(knowledge.answer).toContainText('17.64\u00a0¢');
    await expect(knowledge.answer).toContainText('No language model was used');
    await expect(page).toHaveURL(/answer=1/);

    await knowledge.answer.getByRole('link', { name: /^Source 1: / }).first().click();
    await expect(page).toHaveURL(/open=entries/);
    await expect(knowledge.drawer).toContainText('2.52\u00a0¢');
    await expect(knowledge.drawer).toContainText('Hypebot');
    const law = knowledge.drawer.getByRole('link', { name: /^37 CFR 385\.11/ });
    await expect(law).toHaveAttribute('href', 'https://www.ecfr.gov/current/title-37/section-385.11');
    await expect(law).toHaveAttribute('rel', /noopener/);
    await expect(knowledge.drawer).toContainText('1 Jan 2026 – 31 Dec 2026');
    await expect(knowledge.drawer.locator('.passage mark').first()).toBeVisible();
  });

  test('the answer and its open source have an address', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    const search = new URLSearchParams({ search: MECHANICAL, answer: '1', open: 'entries/rates/us-mechanical-minute-2026.md' });
    await open(`/knowledge?${search}`);
    await expect(knowledge.answer).toContainText('17.64\u00a0¢');
    await expect(knowledge.drawer).toContainText('2.52\u00a0¢');
  });

  test('results come while somebody types, and the address follows', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.pressSequentially('spotify loudness');
    await expect(knowledge.cards.filter({ hasText: 'LUFS' }).first()).toBeVisible();
    await expect(page).toHaveURL(/search=spotify%20loudness/);
    await expect(knowledge.search).toBeFocused();
    await expect(knowledge.cards.first().locator('mark').first()).toBeVisible();
  });

  test('a source is opened and closed by keyboard, and the focus comes back', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge?search=spotify%20loudness');
    const link = knowledge.cards.first().getByRole('heading').getByRole('link');
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(knowledge.drawer).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(knowledge.drawer).toHaveCount(0);
    await expect(link).toBeFocused();
  });

  test('filters narrow the results and stand in the address', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge?search=royalty%20rate');
    await page.getByLabel('Kind of source').selectOption({ label: 'Law or regulation' });
    await expect(page).toHaveURL(/tier=statute/);
    await expect(knowledge.cards.filter({ hasNotText: 'Law or regulation' })).toHaveCount(0);
    await page.getByLabel('Kind of source').selectOption({ label: 'Any source' });
    await expect(page).not.toHaveURL(/tier=/);
    await page.getByLabel('Topic').selectOption({ label: 'Rates' });
    await expect(page).toHaveURL(/topic=rates/);
    await expect(page).not.toHaveURL(/tier=/);
    await expect(knowledge.cards.first()).toContainText('Rates');
  });

  test('the answer is of the asked day', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge?search=mechanical%20rate%20for%20a%20song%20on%20a%20CD');
    await page.getByLabel('As of').fill('2024-05-01');
    await expect(page).toHaveURL(/asOf=2024-05-01/);
    await expect(knowledge.cards.filter({ hasText: '12.4\u00a0¢' })).toHaveCount(1);
    await page.getByLabel('As of').fill('2023-05-01');
    await expect(page).toHaveURL(/asOf=2023-05-01/);
    await expect(knowledge.cards.filter({ hasText: '12\u00a0¢' })).toHaveCount(1);
    await expect(knowledge.cards.filter({ hasText: '12.4\u00a0¢' })).toHaveCount(0);
  });

  test('what is not in the knowledge base is said to be not in it', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill('Which visa does our band need to tour the US?');
    await knowledge.search.press('Enter');
    await expect(knowledge.answer).toContainText('This is not in the knowledge base.');
    await expect(knowledge.answer.getByRole('link', { name: 'Add a document' })).toBeVisible();
  });

  test('a source that is not there any more is said not to be there', async ({ page, open, complaints }) => {
    complaints.expectAnswer(404, '/knowledge');
    const knowledge = new KnowledgePage(page);
    await open('/knowledge?search=isrc&open=documents%2Fnobody.pdf');
    await expect(knowledge.drawer).toContainText('Not found');
  });
});

test.describe('Documents of the knowledge base', () => {
  test('a clause of an added contract is found with its page', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    const clause = 'The zamboni clause: the artist may keep the zamboni after the tour.';
    await knowledge.add('mira-contract.pdf', contract(clause));
    await expect(knowledge.document('mira-contract.pdf')).toContainText('3 pages');

    await open('/knowledge');
    await knowledge.search.fill('who may keep the zamboni after the tour');
    const card = knowledge.cards.first();
    await expect(card).toContainText('mira-contract.pdf · page 2');
    await expect(card.locator('mark').filter({ hasText: 'zamboni' }).first()).toBeVisible();
    await card.getByRole('heading').getByRole('link').click();
    await expect(page).toHaveURL(/open=documents%2Fmira-contract\.pdf&page=2/);
    await expect(knowledge.drawer).toContainText('page 2 of 3');
    await expect(knowledge.drawer.locator('#passage')).toContainText('may keep the zamboni');
    await page.reload();
    await expect(knowledge.drawer.locator('#passage')).toContainText('may keep the zamboni');

    await open(KnowledgePage.documentsAddress);
    await knowledge.remove('mira-contract.pdf');
    // A search waits some seconds for what has just changed, and then answers from what is read so far.
    await expect(async () => {
      await open('/knowledge?search=zamboni');
      await expect(knowledge.cards.filter({ hasText: 'zamboni' })).toHaveCount(0, { timeout: 500 });
    }).toPass();
  });

  test('a document that cannot be read is refused with the reason', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/upload/document');
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    await knowledge.pick('blank.pdf', pdfFile([[]]));
    await expect(knowledge.upload('blank.pdf').getByRole('alert')).toContainText(/Not added: .+/);
    await knowledge.pick('broken.pdf', Buffer.from('%PDF-1.4\nnothing of the kind'));
    await expect(knowledge.upload('broken.pdf').getByRole('alert')).toContainText('damaged');
    await expect(knowledge.document('broken.pdf')).toHaveCount(0);
    await knowledge.upload('broken.pdf').getByRole('button', { name: 'Dismiss' }).click();
    await expect(knowledge.upload('broken.pdf')).toHaveCount(0);
  });

  test('a document of the same name is replaced only when somebody says so', async ({ page, open, complaints }) => {
    complaints.expectAnswer(409, '/upload/document');
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    await knowledge.add('twice.md', Buffer.from('# First\n\nThe first text of this document.'));
    await knowledge.pick('twice.md', Buffer.from('# Second\n\nThe second text of this document.'));
    const line = knowledge.uploads.first();
    await expect(line).toContainText('there already');
    await line.getByRole('button', { name: 'Replace it' }).click();
    await expect(line).toContainText('Added');
    await expect(knowledge.document('twice.md')).toContainText('Second');
    await expect(knowledge.document('twice.md')).toContainText('Searchable');
    await knowledge.remove('twice.md');
  });

  test('a document is kept by who thinks better of it', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    await knowledge.add('kept.txt', Buffer.from('A text that stays where it is, as its owner wants it.'));
    await knowledge.document('kept.txt').getByRole('link', { name: 'Remove kept.txt' }).click();
    await expect(page).toHaveURL(/remove=documents%2Fkept\.txt/);
    await expect(page.getByRole('link', { name: 'Keep it' })).toBeFocused();
    await page.getByRole('link', { name: 'Keep it' }).click();
    await expect(page).not.toHaveURL(/remove=/);
    await knowledge.remove('kept.txt');
  });

  test('what comes with Patchline cannot be removed', async ({ page, open }) => {
    const knowledge = new KnowledgePage(page);
    await open(KnowledgePage.documentsAddress);
    const shipped = knowledge.document('split-sheet.md');
    await expect(shipped).toContainText('Searchable');
    await expect(shipped.getByRole('link', { name: /^Remove/ })).toHaveCount(0);
  });
});
