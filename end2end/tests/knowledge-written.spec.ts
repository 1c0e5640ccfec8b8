import { KnowledgePage } from '../pages/knowledge-page';
import { expect } from '../support/test';
import { test } from '../support/written-answers';

const QUESTION = 'how loud does Spotify play songs?';
const ADDRESS = `/knowledge?${new URLSearchParams({ search: QUESTION, answer: '1' })}`;

test.describe('An answer that a language model writes', () => {
  test('grows on the page, with its sources and citations', async ({ page, open, model }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill(QUESTION);
    await knowledge.answerButton.click();
    const writing = await model.asked();
    // What it is made from is known before the first word.
    await expect(knowledge.answer.getByRole('heading', { name: 'Sources' })).toBeVisible();
    await expect(knowledge.answer).toHaveAttribute('aria-busy', 'true');
    await expect(knowledge.answer.getByText('Writing the answer')).toBeVisible();
    await expect(knowledge.announcement).toHaveText('Answering');

    writing.say('Spotify plays songs');
    await expect(knowledge.answerText).toHaveText('Spotify plays songs');
    writing.say(' at -14 LUFS [1]. It');
    await expect(knowledge.answerText).toHaveText(/^Spotify plays songs at -14 LUFS\.\d It$/);
    const citation = knowledge.answerText.getByRole('link', { name: /^Source \d+: / });
    await citation.focus();
    await expect(knowledge.announcement).toHaveText('Answering');

    writing.say(' turns loud songs down.');
    writing.end();
    await expect(knowledge.answer).toContainText('Written by');
    await expect(knowledge.answerText).toHaveText(/^Spotify plays songs at -14 LUFS\.\d It turns loud songs down\.$/);
    await expect(knowledge.answer).toHaveAttribute('aria-busy', 'false');
    await expect(knowledge.announcement).toHaveText(/^The answer is complete. It has \d+ sources?\.$/);
    await expect(citation).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(knowledge.drawer).toContainText('Spotify support: loudness normalization');
    await expect(knowledge.answerText).toContainText('turns loud songs down');
  });

  test('is stopped by its button, and asked for once more', async ({ page, open, model }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill(QUESTION);
    await knowledge.answerButton.click();
    const writing = await model.asked();
    writing.say('Half of it');
    await expect(knowledge.answerText).toHaveText('Half of it');
    const cancel = knowledge.answer.getByRole('button', { name: 'Cancel' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    await writing.abandoned;
    await expect(knowledge.answer).toContainText('You have stopped this answer; it is not whole.');
    await expect(knowledge.answerText).toHaveText('Half of it');
    const again = knowledge.answer.getByRole('button', { name: 'Answer again' });
    await expect(again).toBeFocused();
    await page.keyboard.press('Enter');
    const second = await model.asked();
    second.say('All of it.');
    second.end();
    await expect(knowledge.answerText).toHaveText('All of it.');
    await expect(knowledge.answer).toContainText('Written by');
  });

  test('that breaks off says so, and can be tried again', async ({ page, open, model }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill(QUESTION);
    await knowledge.answerButton.click();
    const writing = await model.asked();
    writing.say('Half of it');
    await expect(knowledge.answerText).toHaveText('Half of it');
    writing.breakOff();
    const alert = knowledge.answer.getByRole('alert');
    await expect(alert).toContainText('Not available right now');
    await expect(alert).toContainText('Request');
    await alert.getByRole('link', { name: 'Try again' }).click();
    const second = await model.asked();
    second.say('All of it.');
    second.end();
    await expect(knowledge.answerText).toHaveText('All of it.');
    await expect(knowledge.answer.getByRole('alert')).toHaveCount(0);
  });

  test('gives way to the answer of another question', async ({ page, open, model }) => {
    const knowledge = new KnowledgePage(page);
    await open('/knowledge');
    await knowledge.search.fill(QUESTION);
    await knowledge.answerButton.click();
    const writing = await model.asked();
    await knowledge.search.fill('how many pixels must a cover have for Apple Music?');
    await knowledge.answerButton.click();
    await writing.abandoned;
    const second = await model.asked();
    second.say('3000.');
    second.end();
    await expect(knowledge.answerText).toHaveText('3000.');
  });

  test('is written anew for who opens its address', async ({ page, open, model }) => {
    const knowledge = new KnowledgePage(page);
    await open(ADDRESS);
    const writing = await model.asked();
    writing.say('It plays');
    await expect(knowledge.answerText).toHaveText('It plays');
    await page.goto('/artists');
    await writing.abandoned;
  });

  test('that cannot be asked for says why', async ({ page, open, complaints }) => {
    complaints.expectAnswer(429, '/events/knowledge/answer');
    const knowledge = new KnowledgePage(page);
    const error = { kind: 'tooManyRequests', message: 'Too many calls at once.', remedy: 'Wait a second.', fields: [] };
    await page.route('/events/knowledge/**', (route) =>
      route.fulfill({ status: 429, contentType: 'application/json', body: JSON.stringify({ error }) }),
    );
    await open('/knowledge');
    await knowledge.search.fill(QUESTION);
    await knowledge.answerButton.click();
    await expect(knowledge.answer.getByRole('alert')).toContainText('Too many calls at once.');
    await expect(knowledge.answer.getByRole('link', { name: 'Try again' })).toBeVisible();
  });
});
