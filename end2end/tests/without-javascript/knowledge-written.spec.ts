import { KnowledgePage } from '../../pages/knowledge-page';
import { expect } from '../../support/test';
import { test } from '../../support/written-answers';

test('an answer that a language model writes comes as a whole', async ({ page, open, model }) => {
  const knowledge = new KnowledgePage(page);
  model.answersByItself('Spotify plays songs at -14 LUFS [1].');
  await open('/knowledge');
  await knowledge.search.fill('how loud does Spotify play songs?');
  await knowledge.answerButton.click();
  await expect(page).toHaveURL(/whole=1/);
  await expect(knowledge.answerText).toHaveText(/^Spotify plays songs at -14 LUFS\.\d\s*$/);
  await expect(knowledge.answer).toContainText('Written by');
  model.answersByItself(undefined);
});
