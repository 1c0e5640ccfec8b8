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
    await expect(tasks.answer.getByRole('list', { name: 'What could not be seen' })).toContainText('Sample data');
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

  test('what is no task is told: too many words at the field, an artist whom nobody knows by the name', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/tasks');
    const tasks = new TasksPage(page);
    await open('/tasks');
    // The field itself takes no more than it may; a program does.
    await tasks.words.evaluate((field: HTMLTextAreaElement) => {
      field.value = 'Mira '.repeat(20_000);
    });
    await tasks.start.click();
    await expect(tasks.words).toHaveAttribute('aria-invalid', 'true');
    await expect(tasks.words).toHaveAccessibleDescription(/at most 4000 characters/);
    await expect(tasks.words).toHaveValue(/^Mira Mira/);

    await tasks.ask('How is “Zorblax Quintet” doing this month against last?');
    await expect(tasks.problem).toContainText(/Zorblax Quintet/i);
  });

  test('each step shows what went in and what came out, and is done again from there', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    // In words of its own: what is done again here is of no other test.
    await tasks.ask('How did Harbour Lanterns do in the last 28 days?');
    await expect(tasks.again).toBeVisible();
    await expect(tasks.plan.locator('.task-step').first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    await expect(tasks.graph.getByRole('img', { name: /^\d+ steps in \d+ layers?; / })).toBeVisible();
    await expect(tasks.timeline.getByRole('listitem').first()).toContainText(/\d\s?(ms|s)\b/);
    const first = tasks.step('s1');
    await first.locator('summary').click();
    await expect(first.getByRole('region', { name: 'Input of step s1' })).toBeVisible();
    await expect(first.getByRole('region', { name: 'Output of step s1' })).toBeVisible();
    await expect(first.getByRole('link', { name: /^req_/ })).toHaveAttribute('href', /^\/admin\/audit\?operation=/);
    await expect(first).toContainText('Allowed, by what you could do at that moment');
    await expect(first).toContainText(/Touched \d+ resources? of AWS/);
    await expect(first).toContainText('Nothing: no model was asked');

    const before = (await tasks.request('s1').textContent()) ?? '';
    const beside = (await tasks.request('s2').textContent()) ?? '';
    await first.getByRole('button', { name: 'Again from step s1' }).click();
    await expect(tasks.request('s1')).not.toHaveText(before);
    await expect(tasks.again).toBeVisible();
    await expect(tasks.request('s1')).toHaveText(/^req_/);
    await expect(tasks.request('s1')).not.toHaveText(before);
    await expect(tasks.request('s2')).toHaveText(beside);
  });

  test('an answer is judged and taken along', async ({ page, open }) => {
    await page.addInitScript(() => {
      window.print = () => document.documentElement.setAttribute('data-printed', '');
    });
    const tasks = new TasksPage(page);
    await open('/tasks');
    // In words of its own: it is judged by nobody else.
    await tasks.ask('How did Harbour Lanterns do in the last 30 days?');
    await expect(tasks.feedback).toBeVisible();
    await tasks.feedback.getByLabel('What was missing or wrong?').fill('The week before would help.');
    await tasks.feedback.getByRole('button', { name: 'It helped' }).click();
    await expect(tasks.feedback.getByRole('status')).toHaveText('You found it helpful.');
    await expect(tasks.feedback).toContainText('You wrote: “The week before would help.”');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    for (const [name, file] of [['Markdown', 'task.md'], ['JSON', 'task.json']] as const) {
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name, exact: true }).click();
      expect((await download).suggestedFilename()).toBe(file);
    }
    await page.getByRole('button', { name: 'Print' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-printed', '');
    // Paper has the answer with its sources, and nothing to press.
    await page.emulateMedia({ media: 'print' });
    await expect(tasks.answer).toBeVisible();
    await expect(tasks.sources.first()).toBeVisible();
    await expect(tasks.feedback).toBeHidden();
    await expect(tasks.again).toBeHidden();
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
