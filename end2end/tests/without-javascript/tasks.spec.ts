import { TasksPage } from '../../pages/tasks-page';
import { expect, test } from '../../support/test';

test('without JavaScript a task is begun from a link, asked about, answered and judged', async ({ page, open }) => {
  const tasks = new TasksPage(page);
  await open('/tasks');
  await tasks.suggestions.getByRole('link', { name: /breaking out/ }).click();
  await expect(tasks.words).toHaveValue('Which artists are breaking out?');

  await tasks.ask('How is Mira doing this month against last?');
  // What is stored when the page is loaded is what it shows.
  await expect(async () => {
    await page.reload();
    await expect(tasks.question.getByRole('button')).toHaveCount(2, { timeout: 500 });
  }).toPass();
  await tasks.question.getByRole('button').first().click();
  await expect(async () => {
    await page.reload();
    await expect(tasks.feedback).toBeVisible({ timeout: 500 });
  }).toPass();
  await tasks.feedback.getByRole('button', { name: 'It did not' }).click();
  await expect(tasks.feedback).toContainText('You did not find it helpful.');
});
