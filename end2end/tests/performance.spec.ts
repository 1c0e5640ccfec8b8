import { expect, test } from '../support/test';

test.describe('The page of performance', () => {
  test('draws its figures, and has them as tables', async ({ page, open, request }) => {
    await request.post('/api/tools/list_audio_files', { data: {} });
    await open('/performance?range=1h');
    const calls = page.getByRole('region', { name: 'Requests to AWS', exact: true });
    // Figures are published once a minute.
    await expect(async () => {
      await page.getByRole('link', { name: 'Refresh' }).click();
      await expect(calls.getByRole('img', { name: /^Requests to AWS over time:/ })).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 120_000 });
    await expect(calls.locator('.large-chart svg')).toBeVisible();
    await calls.getByText('View as table').click();
    await expect(calls.getByRole('row').nth(1)).toContainText(/\d/);
    await expect(page.getByRole('region', { name: 'Cost of requests', exact: false }).first()).toContainText('Prices:');
  });

  test('keeps what is chosen in the address', async ({ page, open }) => {
    await open('/performance');
    await page.getByRole('link', { name: '7 days' }).click();
    await expect(page).toHaveURL('/performance?range=7d');
    await page.getByRole('link', { name: 'Files (S3)' }).click();
    await expect(page).toHaveURL('/performance?range=7d&server=s3');
    await page.getByRole('link', { name: 'Compare with the time before' }).click();
    await expect(page).toHaveURL('/performance?range=7d&server=s3&compare=1');
    await expect(page.getByText(/against the time before|nothing before to compare with/).first()).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL('/performance?range=7d&server=s3');
  });

  test('keeps a zoom in the address, and goes back from it', async ({ page, open, request }) => {
    await request.post('/api/tools/list_audio_files', { data: {} });
    await open('/performance?range=1h');
    const chart = page.getByRole('region', { name: 'Requests to AWS', exact: true }).locator('.large-chart');
    // Figures are published once a minute.
    await expect(async () => {
      await page.getByRole('link', { name: 'Refresh' }).click();
      // The panels above have their place when the first call is in the figures, too.
      await expect(page.getByRole('region', { name: 'Calls', exact: true }).locator('svg')).toBeVisible({ timeout: 2_000 });
      await expect(chart.locator('svg')).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 120_000 });
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no place');
    // The right end of the slider below the chart, drawn to the middle.
    const height = box.height - 8 - 15;
    await chart.hover({ position: { x: box.width - 16, y: height } });
    await page.mouse.down();
    await chart.hover({ position: { x: box.width * 0.7, y: height } });
    await chart.hover({ position: { x: box.width / 2, y: height } });
    await page.mouse.up();
    await expect(page).toHaveURL(/\/performance\?from=[^&]+&to=[^&]+$/);
    await expect(page.getByText('From, UTC').first()).toBeAttached();
    await page.goBack();
    await expect(page).toHaveURL('/performance?range=1h');
  });

  test('says what is wrong with a time that ends before it begins', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/performance');
    await open('/performance?from=2026-11-24T10:00&to=2026-11-24T09:00');
    await expect(page.getByRole('main')).toContainText('must come after');
  });
});
