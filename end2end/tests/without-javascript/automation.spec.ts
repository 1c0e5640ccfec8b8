import { AutomationPage } from '../../pages/automation-page';
import { expect, test } from '../../support/test';

test('without JavaScript an automation is set up from a link, refused where it is wrong, and deleted', async ({ page, open, complaints }) => {
  complaints.expectAnswer(400, '/tasks/automation');
  const automation = new AutomationPage(page);
  await open('/tasks/automation');
  await page.getByRole('link', { name: /breaking out/ }).click();
  await expect(automation.task).toHaveValue('Which artists are breaking out?');

  await automation.when.selectOption('cron');
  await automation.form.getByLabel('Expression').fill('* * * * *');
  await automation.form.getByRole('button', { name: 'Set it up' }).click();
  await expect(automation.form.getByLabel('Expression')).toHaveValue('* * * * *');
  await expect(automation.form).toContainText('every 15 minutes at most');

  await automation.everyFriday('Which artists are breaking out?', 'Plain Fridays');
  await expect(automation.summary).toContainText('every Friday at 07:30');
  await automation.remove('Plain Fridays');
  await expect(page).toHaveURL(/\/tasks\/automation$/);
});
