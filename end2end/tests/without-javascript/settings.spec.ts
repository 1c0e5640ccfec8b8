import { SettingsPage } from '../../pages/settings-page';
import { expect, test } from '../../support/test';

test('without JavaScript a figure is refused with what was typed', async ({ page, open, complaints }) => {
  complaints.expectAnswer(400, '/admin/settings');
  const settings = new SettingsPage(page);
  await open('/admin/settings');
  await settings.forPerson.fill('a lot');
  await settings.save.click();
  await expect(settings.refusal).toContainText('an amount in US dollars');
  await expect(settings.forPerson).toHaveValue('a lot');
});
