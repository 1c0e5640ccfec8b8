import { SignInPage } from '../../pages/sign-in-page';
import { TasksPage } from '../../pages/tasks-page';
import { daysAfter, newestRelease } from '../../support/releases';
import { NOBODY } from '../../support/sign-in';
import { expect, test } from '../../support/test';

test('without JavaScript a task is begun from a link, asked about, answered and judged', async ({ page, open }) => {
  const tasks = new TasksPage(page);
  await open('/tasks');
  await tasks.suggestions.getByRole('link', { name: /breaking out/ }).click();
  await expect(tasks.words).toHaveValue('Which artists are breaking out?');

  // In words of its own: the same ones, asked twice at once by one person, are one task.
  await tasks.ask('How is Mira doing this month against last, and is it real?');
  await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
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

test('without JavaScript a task is kept as a template, renamed, used and removed', async ({ page, open }) => {
  const tasks = new TasksPage(page);
  await open('/tasks');
  await tasks.words.fill('How is … doing in Norway?');
  await tasks.form.getByRole('button', { name: 'Keep as a template' }).click();
  const keep = page.getByRole('form', { name: 'Keep a task as a template' });
  await expect(keep.getByLabel('Task')).toHaveValue('How is … doing in Norway?');
  await keep.getByLabel('Name').fill('Norway check');
  await keep.getByRole('button', { name: 'Keep', exact: true }).click();
  await page.getByLabel('New name of Norway check').fill('Norway, each month');
  await page.getByRole('button', { name: 'Rename Norway check' }).click();
  await open('/tasks');
  await tasks.suggestions.getByRole('link', { name: /Norway, each month/ }).click();
  await expect(tasks.words).toHaveValue('How is … doing in Norway?');
  await open('/tasks/templates');
  await page.getByRole('button', { name: 'Remove Norway, each month' }).click();
  await expect(page.getByRole('button', { name: 'Remove Norway, each month' })).toHaveCount(0);
});

test.describe('Without JavaScript, of the label', () => {
  test.use({ storageState: NOBODY });

  test.beforeEach(async ({ page, open }) => {
    await open('/sign-in');
    await new SignInPage(page).demo('Label').click();
    await expect(page.locator('html')).toHaveAttribute('data-role', 'label');
    await open('/tasks');
  });

  test('a change is told at its field what is wrong with it, and refused', async ({ page, request, complaints }) => {
    const tasks = new TasksPage(page);
    const artist = 'Sundown Okada';
    const release = await newestRelease(request, artist);
    await tasks.ask(`Move the release date of “${release.title}” to ${daysAfter(release.releaseDate, 7)}`);
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    complaints.expectAnswer(400, page.url());
    await expect(async () => {
      await page.reload();
      await expect(tasks.change).toBeVisible({ timeout: 500 });
    }).toPass();

    await tasks.change.click();
    await tasks.argument('UPC or EAN').fill('none yet');
    await tasks.changed.getByRole('button', { name: 'Use these arguments' }).click();
    await expect(tasks.wrong('updateData.upc')).not.toBeEmpty();
    await expect(tasks.argument('UPC or EAN')).toHaveValue('none yet');
    await tasks.argument('UPC or EAN').fill('');
    await tasks.argument('Genre').fill('silence');
    await tasks.changed.getByRole('button', { name: 'Use these arguments' }).click();
    await expect(tasks.changed).toHaveCount(0);
    await expect(async () => {
      await page.reload();
      await expect(tasks.approval).toContainText('silence', { timeout: 500 });
    }).toPass();

    await tasks.decide('Refuse').click();
    await expect(async () => {
      await page.reload();
      await expect(tasks.again).toBeVisible({ timeout: 500 });
    }).toPass();
    expect((await newestRelease(request, artist)).version).toBe(release.version);
  });

  test('a step is left out by its button, and an old link to it says so', async ({ page, open, request }) => {
    const tasks = new TasksPage(page);
    const artist = 'Tidewater Cipher';
    const release = await newestRelease(request, artist);
    await tasks.ask(`Move the release date of “${release.title}” to ${daysAfter(release.releaseDate, 7)}`);
    await expect(async () => {
      await page.reload();
      await expect(tasks.leaveOut).toBeVisible({ timeout: 500 });
    }).toPass();
    const old = await tasks.change.getAttribute('href');

    await tasks.leaveOut.click();
    await expect(async () => {
      await page.reload();
      await expect(tasks.again).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(tasks.plan.locator('.task-step').filter({ hasText: 'Left out' })).toHaveCount(1);
    expect((await newestRelease(request, artist)).version).toBe(release.version);

    await open(old ?? '');
    await expect(tasks.problem).toContainText('It was left out.');
  });
});
