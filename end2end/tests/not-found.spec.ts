import { expect, test } from '../support/test';

test.describe('An address that leads nowhere', () => {
  test('is answered with 404, says so, and leads on', async ({ page, open, complaints }) => {
    complaints.expectAnswer(404, '/nowhere/at-all');
    const response = await open('/nowhere/at-all');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: 'No such page' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('/nowhere/at-all');
    await page.getByRole('main').getByRole('link', { name: 'To the overview' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  });

  test('cannot write into the page', async ({ page, open, complaints }) => {
    const path = '/%3Cimg%20src=x%20onerror=document.title=1%3E';
    complaints.expectAnswer(404, path);
    await open(path);
    await expect(page.getByRole('main').locator('img')).toHaveCount(0);
    await expect(page).toHaveTitle(/No such page/);
  });
});
