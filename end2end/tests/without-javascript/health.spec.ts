import { HealthPage } from '../../pages/health-page';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('the servers are seen, and draining one asks first', async ({ page, open }) => {
    const files = new HealthPage(page).server('Files (S3)');
    await open('/health');
    await expect(files.getByText('Healthy', { exact: true })).toBeVisible();
    await expect(files.getByRole('button', { name: 'Drain Files (S3)' })).toBeHidden();
    await files.getByText('Drain …').click();
    await expect(files.getByRole('button', { name: 'Drain Files (S3)' })).toBeVisible();
  });

  test('performance has its choices as links and its figures as tables', async ({ page, open }) => {
    await open('/performance');
    await page.getByRole('link', { name: '1 hour' }).click();
    await expect(page).toHaveURL('/performance?range=1h');
    await expect(page.getByRole('region', { name: 'Tools', exact: true })).toBeVisible();
    await expect(page.getByText('About').first()).toContainText('Not in it');
  });
});
