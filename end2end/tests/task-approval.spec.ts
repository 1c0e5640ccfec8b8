import { Frame } from '../pages/frame';
import { SignInPage } from '../pages/sign-in-page';
import { TasksPage } from '../pages/tasks-page';
import { accessibilityProblems } from '../support/accessibility';
import { daysAfter, newestRelease } from '../support/releases';
import { NOBODY } from '../support/sign-in';
import { expect, test } from '../support/test';
import { chooseTheme } from '../support/themes';

/** An artist whose releases no other test changes. */
const ARTIST = 'Brass Meridian';

/** An artist of whose releases a change is only asked for. */
const UNCHANGED = 'Vintervik Trio';

test.describe('A task that changes something', () => {
  test.use({ storageState: NOBODY, viewport: { width: 360, height: 740 } });

  test('is changed, approved, done again and refused with the keyboard on a small screen', async ({ page, open, request, context, baseURL }) => {
    const tasks = new TasksPage(page);
    const release = await newestRelease(request, ARTIST);
    const [asked, wanted] = [daysAfter(release.releaseDate, 7), daysAfter(release.releaseDate, 14)];
    await chooseTheme(context, 'dark', baseURL);
    await open('/sign-in');
    await new SignInPage(page).demo('Label').click();
    await expect(page.locator('html')).toHaveAttribute('data-role', 'label');
    await open('/tasks');
    await tasks.ask(`Move the release date of “${release.title}” to ${asked}`);
    await expect(tasks.approval).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expect.poll(() => new Frame(page).overflow()).toBeLessThanOrEqual(0);

    await tasks.change.press('Enter');
    await expect(tasks.argument('Release date')).toHaveValue(asked);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expect.poll(() => new Frame(page).overflow()).toBeLessThanOrEqual(0);
    const version = tasks.argument('Version you have seen');
    await version.fill('0');
    await version.press('Enter');
    await expect(tasks.wrong('expectedVersion')).toHaveText('Give 1 or more.');
    await expect(version).toBeFocused();
    await version.fill(String(release.version));
    await tasks.argument('Release date').fill(wanted);
    await tasks.changed.getByRole('button', { name: 'Use these arguments' }).press('Enter');
    await expect(tasks.changed).toHaveCount(0);

    await tasks.approval.locator('summary').press('Enter');
    await expect(tasks.approval.getByRole('region', { name: /^Arguments of step/ })).toContainText(wanted);
    await tasks.decide('Approve').press('Enter');
    await expect(tasks.again).toBeVisible();
    await expect(tasks.summary).toContainText(/Done|Partly done/);
    expect((await newestRelease(request, ARTIST)).releaseDate).toBe(wanted);

    // What depends on the first step is asked about anew.
    const first = tasks.plan.locator('.task-step').first();
    await first.locator('summary').press('Enter');
    await first.getByRole('button', { name: /^Again from step/ }).press('Enter');
    await tasks.decide('Refuse').press('Enter');
    await expect(tasks.again).toBeVisible();
    await expect(tasks.plan.locator('.task-step').filter({ hasText: 'Left out' })).not.toHaveCount(0);
  });

  test('changes nothing where its step is left out by its button', async ({ page, open, request }) => {
    const tasks = new TasksPage(page);
    const release = await newestRelease(request, UNCHANGED);
    await open('/sign-in');
    await new SignInPage(page).demo('Label').click();
    await expect(page.locator('html')).toHaveAttribute('data-role', 'label');
    await open('/tasks');
    await tasks.ask(`Move the release date of “${release.title}” to ${daysAfter(release.releaseDate, 7)}`);
    await expect(tasks.approval).toContainText(`Change the release date of “${release.title}”`);
    await tasks.leaveOut.press('Enter');
    await expect(tasks.again).toBeVisible();
    await expect(tasks.approval).toHaveCount(0);
    await expect(tasks.plan.locator('.task-step').filter({ hasText: 'Left out' })).toHaveCount(1);
    expect((await newestRelease(request, UNCHANGED)).version).toBe(release.version);
  });
});
