import { SettingsPage } from '../pages/settings-page';
import { accessibilityProblems } from '../support/accessibility';
import { test } from '../support/own-server';
import { expect } from '../support/test';

test.describe('The page of settings', () => {
  test('a budget is set, shown on one’s own page, and taken back', async ({ page, open }) => {
    const settings = new SettingsPage(page);
    await open('/admin/settings');
    expect(await accessibilityProblems(page)).toEqual([]);
    await settings.forPerson.fill('7.25');
    await settings.why.fill('Tour week');
    await settings.save.click();
    await expect(settings.saved).toBeVisible();
    await expect(settings.variable('MCP_BUDGET_PERSON')).toContainText('This page');
    await expect(page.getByRole('region', { name: 'Changes of limits and budgets' })).toContainText('Tour week');

    await open('/account');
    await expect(page.getByRole('main')).toContainText('US$7.25 of US$7.25 left today');

    await open('/admin/settings');
    await settings.forPerson.fill('');
    await settings.save.click();
    await expect(settings.saved).toBeVisible();
    await expect(settings.variable('MCP_BUDGET_PERSON')).toContainText('Default');

    await settings.beginWith('Tour week').click();
    await expect(page.getByRole('status').filter({ hasText: 'begins with what held then' })).toBeVisible();
    await expect(settings.forPerson).toHaveValue('7.25');
    await expect(settings.why).toHaveValue(/^As version \d+$/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await settings.save.click();
    await expect(settings.saved).toBeVisible();
    await expect(settings.variable('MCP_BUDGET_PERSON')).toContainText('This page');
  });

  test('what is wrong is told, and what was typed stays', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/admin/settings');
    const settings = new SettingsPage(page);
    await open('/admin/settings');
    await settings.forPerson.fill('a lot');
    await settings.save.click();
    await expect(settings.refusal).toContainText('an amount in US dollars');
    await expect(settings.forPerson).toHaveValue('a lot');
    await expect(settings.forPerson).toHaveAttribute('aria-invalid', 'true');
  });
});

test('one’s own activity is downloaded as a table and as JSON', async ({ page, open }) => {
  await open('/account');
  for (const [form, file] of [
    ['CSV', 'activity.csv'],
    ['JSON', 'activity.json'],
  ] as const) {
    const begun = page.waitForEvent('download');
    await page.getByRole('link', { name: `Download as ${form}` }).click();
    expect((await begun).suggestedFilename()).toBe(file);
  }
});
