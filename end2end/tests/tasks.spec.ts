import { Frame } from '../pages/frame';
import { SignInPage } from '../pages/sign-in-page';
import { TasksPage } from '../pages/tasks-page';
import { accessibilityProblems } from '../support/accessibility';
import { holdLife } from '../support/hold';
import { expect, test } from '../support/test';

const ASKED = 'How is Harbour Lanterns doing this month against last?';
const AMBIGUOUS = 'How is Mira doing this month against last?';

test.describe('Tasks', () => {
  test('a question about an artist is answered, and each figure leads to its source', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(ASKED);
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    await expect(tasks.summary).toContainText(/Done|Partly done/);
    await expect(tasks.summary).toContainText('Harbour Lanterns');
    await expect(tasks.footnotes.first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);

    await tasks.footnotes.first().click();
    await expect(page).toHaveURL(/#source-\d+$/);
    const source = page.locator('.task-sources li:target');
    await expect(source).toBeVisible();
    await source.getByRole('link', { name: /^step s\d+$/ }).click();
    await expect(page.locator('.task-step-inside:target')).toBeVisible();
  });

  test('the page follows a task while it is done', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    // In words of its own: the same ones, asked twice at once by one person, are one task.
    await tasks.ask('How did Mira do last month?');
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    await expect(tasks.question).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    // Somebody answers in another window.
    const other = await page.context().newPage();
    await other.goto(page.url());
    const answered = new TasksPage(other);
    await answered.question.getByRole('button').first().click();
    // A window that is closed too early takes the answer along.
    await expect(answered.again).toBeVisible();
    await other.close();
    await expect(tasks.question).toHaveCount(0);
    await expect(tasks.again).toBeVisible();
  });

  test('two artists of one name are asked about, and the choice settles it', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(AMBIGUOUS);
    await expect(tasks.question.getByRole('button')).toHaveCount(2);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tasks.question.getByRole('button').nth(1).click();
    await expect(tasks.again).toBeVisible();
    await expect(tasks.answer).toBeVisible();
  });

  test('what is typed before the page is alive stays', async ({ page }) => {
    const tasks = new TasksPage(page);
    const release = await holdLife(page);
    await page.goto('/tasks', { waitUntil: 'domcontentloaded' });
    await tasks.words.fill(ASKED);
    release();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    await expect(tasks.words).toHaveValue(ASKED);
  });

  test('what is not understood is refused with what can be asked instead', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask('Colourless green ideas sleep furiously');
    await expect(tasks.problem).toBeVisible();
    await tasks.problem.getByRole('link').first().click();
    await expect(page).toHaveURL(/\/tasks\?task=/);
    await expect(tasks.words).not.toHaveValue('');
  });

  test('a task that waits is stopped, and begun again', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    // In words of its own, as above.
    await tasks.ask('How did Mira do last week?');
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    const stopped = page.url();
    await tasks.stop.click();
    await expect(tasks.summary).toContainText('Cancelled');
    await tasks.again.click();
    await expect(page).not.toHaveURL(stopped);
    await expect(tasks.question).toBeVisible();
  });

  test('each step shows what went in and what came out', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(ASKED);
    await expect(tasks.again).toBeVisible();
    await expect(tasks.plan.locator('.task-step').first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    const first = tasks.step('s1');
    await first.locator('summary').click();
    await expect(first.getByRole('region', { name: 'Input of step s1' })).toBeVisible();
    await expect(first.getByRole('region', { name: 'Output of step s1' })).toBeVisible();
    await expect(first.getByRole('link', { name: /^req_/ })).toHaveAttribute('href', /^\/admin\/audit\?operation=/);
  });

  test('an answer is judged and taken along', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(ASKED);
    await expect(tasks.feedback).toBeVisible();
    await tasks.feedback.getByRole('button', { name: 'It helped' }).click();
    await expect(tasks.feedback.getByRole('status')).toHaveText('You found it helpful.');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Markdown' }).click();
    expect((await download).suggestedFilename()).toBe('task.md');
  });

  test('a task is shared by a link with those who may see what it has used', async ({ page, open, context, complaints }) => {
    complaints.expectAnswer(403, '/tasks/shared');
    complaints.expectAnswer(404, '/tasks/shared');
    const tasks = new TasksPage(page);
    const signIn = async (role: string) => {
      // A page that is still there would ask for news, and be refused them.
      await page.goto('about:blank');
      await context.clearCookies();
      await open('/sign-in');
      await new SignInPage(page).demo(role).click();
      await expect(page.locator('html')).toHaveAttribute('data-role', role.toLowerCase());
    };
    await signIn('Label');
    await open('/tasks');
    await tasks.ask('How did Harbour Lanterns do last month?');
    await expect(tasks.answer).toBeVisible();
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    const own = page.url();
    await tasks.sharing.getByRole('button', { name: 'Share with colleagues' }).click();
    await expect(tasks.sharing).toContainText('It is shown only now.');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    const address = new URL((await tasks.link.textContent()) ?? '');
    const link = `${address.pathname}${address.search}`;

    await signIn('Artist');
    await open(link);
    await expect(page.getByRole('main')).toContainText('is not for you.');
    await expect(page.getByRole('main')).not.toContainText('Harbour Lanterns');

    await signIn('Label');
    await open(link);
    await expect(page.getByRole('main')).toContainText('shared with you to read');
    await expect(tasks.answer).toBeVisible();
    await expect(tasks.again).toHaveCount(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Markdown' }).click();
    expect((await download).suggestedFilename()).toBe('task.md');
    await page.goto(own);
    await expect(tasks.link).toHaveCount(0);
    await tasks.sharing.getByRole('button', { name: 'Stop sharing' }).click();
    await expect(tasks.sharing.getByRole('button', { name: 'Stop sharing' })).toHaveCount(0);
    await open(link);
    await expect(page.getByRole('main')).toContainText('This link leads to no task');
  });

  test('a suggestion fills the box, and the history finds what was asked', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.suggestions.getByRole('link', { name: /breaking out/ }).click();
    await expect(tasks.words).toHaveValue('Which artists are breaking out?');
    await tasks.start.click();
    await expect(page).toHaveURL(/\/tasks\/[0-9a-z]{26}$/);
    await open('/tasks?text=breaking');
    await expect(tasks.history.getByRole('link', { name: 'Which artists are breaking out?' }).first()).toBeVisible();
  });

  test('the overview takes a task along', async ({ page, open }) => {
    await open('/');
    await page.getByLabel('Ask Patchline').last().fill('Is everything working?');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(new TasksPage(page).words).toHaveValue('Is everything working?');
  });

  test('a task fits a small screen', async ({ page, open }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(ASKED);
    await expect(tasks.answer).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expect.poll(() => new Frame(page).overflow()).toBeLessThanOrEqual(0);
  });
});
