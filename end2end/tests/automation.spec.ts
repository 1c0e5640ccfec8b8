import { AutomationPage } from '../pages/automation-page';
import { TasksPage } from '../pages/tasks-page';
import { accessibilityProblems } from '../support/accessibility';
import { expect, test } from '../support/test';

const ASKED = 'Which artists are breaking out?';

test.describe('Automation', () => {
  test('an automation is set up, run now, paused and deleted', async ({ page, open }) => {
    const automation = new AutomationPage(page);
    await open('/tasks/automation');
    await expect(automation.form.getByLabel('Expression')).toBeHidden();
    await automation.everyFriday(ASKED, 'Breakouts on Fridays');
    await expect(page).toHaveURL(/\/tasks\/automation\/auto_[0-9a-z]{26}$/);
    await expect(automation.summary).toContainText('every Friday at 07:30');
    await expect(automation.summary).toContainText(/Fri \d+ \w+ \d{4}, 07:30/);
    expect(await accessibilityProblems(page)).toEqual([]);

    await automation.runNow.click();
    await expect(async () => {
      await page.reload();
      await expect(automation.history).toContainText(/Done|Partly done/, { timeout: 500 });
    }).toPass();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    await automation.history.getByRole('link', { name: 'The task' }).click();
    await expect(new TasksPage(page).answer).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(/\/tasks\/automation\/auto_[0-9a-z]{26}$/);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');

    await automation.pause.click();
    await expect(automation.summary).toContainText('You paused it.');
    await automation.resume.click();
    await expect(automation.pause).toBeVisible();
    await automation.remove('Breakouts on Fridays');
    await expect(page).toHaveURL(/\/tasks\/automation$/);
  });

  test('a task that was worth it is repeated', async ({ page, open }) => {
    const tasks = new TasksPage(page);
    await open('/tasks');
    await tasks.ask(ASKED);
    await expect(tasks.again).toBeVisible();
    await page.getByRole('link', { name: 'Repeat this' }).click();
    await expect(new AutomationPage(page).task).toHaveValue(ASKED);
  });
});
