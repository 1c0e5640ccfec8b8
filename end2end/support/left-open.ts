import { type Page, type Response } from '@playwright/test';
import { ConfirmPage } from '../pages/confirm-page';
import { SettingsPage } from '../pages/settings-page';
import type { Complaints } from './complaints';
import { ADMIN } from './sign-in';
import { expect } from './test';

/** Somebody comes back to a browser that was left open, and changes a limit: they are asked who they are. */
export async function changeALimitInABrowserThatWasLeftOpen(
  page: Page,
  open: (path: string) => Promise<Response | null>,
  complaints: Complaints,
): Promise<void> {
  complaints.expectAnswer(401, '/confirm');
  const settings = new SettingsPage(page);
  const confirm = new ConfirmPage(page);
  await expect(async () => {
    await open('/admin/settings');
    await expect(confirm.notice, 'the page says it before the form is used').toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 150_000 });

  await settings.forPerson.fill('7.25');
  await settings.save.click();
  await expect(confirm.heading).toBeVisible();
  await expect(page).toHaveURL('/confirm?for=change_limits&next=%2Fadmin%2Fsettings');
  await expect(page.getByText('You were about to change limits and budgets.')).toBeVisible();

  await confirm.confirm('not the password');
  await expect(confirm.refusal).toContainText('This is not your password.');
  await confirm.confirm(ADMIN.password);

  await expect(page).toHaveURL('/admin/settings');
  await expect(confirm.notice).toHaveCount(0);
  await settings.forPerson.fill('7.25');
  await settings.save.click();
  await expect(settings.saved).toBeVisible();
}
