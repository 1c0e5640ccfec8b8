import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/test';

/** Figures are published once a minute: a test that waits for them takes longer than others. */
const UNTIL_PUBLISHED = 180_000;

/** Moves the pointer along the slider below a chart, from the right, until it shows that it holds the end. */
async function rightEndOfSlider(chart: Locator): Promise<{ x: number; y: number }> {
  const drawing = chart.locator('> div').first();
  const size = await chart.evaluate(({ clientWidth, clientHeight }) => ({ width: clientWidth, height: clientHeight }));
  // The slider is 30 pixels high, and stands 8 above the lower edge.
  const y = size.height - 8 - 15;
  for (let x = size.width - 2; x > size.width * 0.7; x -= 2) {
    await chart.hover({ position: { x, y } });
    if ((await drawing.evaluate((element) => element.style.cursor)) === 'ew-resize') return { x, y };
  }
  throw new Error('the slider has no end to take hold of');
}

/** Does something, and waits for the figures that it asks for. */
async function figuresAfter(page: Page, act: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().includes('/fn/performance'));
  await act();
  await (await answer).finished();
}

test.describe('The page of performance', () => {
  test('draws its figures, and has them as tables', async ({ page, open, request }) => {
    test.setTimeout(UNTIL_PUBLISHED + 240_000);
    await request.post('/api/tools/list_audio_files', { data: {} });
    await open('/performance?range=1h');
    const calls = page.getByRole('region', { name: 'Requests to AWS', exact: true });
    await expect(async () => {
      await figuresAfter(page, () => page.getByRole('link', { name: 'Refresh' }).click());
      await expect(calls.getByRole('img', { name: /^Requests to AWS over time:/ })).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: UNTIL_PUBLISHED });
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

  test('keeps a zoom in the address, also when new figures come meanwhile, and goes back from it', async ({ page, open, request }) => {
    test.setTimeout(UNTIL_PUBLISHED + 240_000);
    await request.post('/api/tools/list_audio_files', { data: {} });
    await open('/performance?range=1h');
    const chart = page.getByRole('region', { name: 'Requests to AWS', exact: true }).locator('.large-chart');
    const refresh = page.getByRole('link', { name: 'Refresh' });
    await page.getByLabel('Every minute while this page is seen').uncheck();
    await expect(async () => {
      await figuresAfter(page, () => refresh.click());
      // The panels above have their place when the first call is in the figures, too.
      await expect(page.getByRole('region', { name: 'Calls', exact: true }).locator('svg')).toBeVisible({ timeout: 2_000 });
      await expect(chart.locator('svg')).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: UNTIL_PUBLISHED });
    // A chart that is drawn anew meanwhile has it elsewhere.
    let end = { x: 0, y: 0 };
    await expect(async () => {
      end = await rightEndOfSlider(chart);
    }).toPass();
    await page.mouse.down();
    await chart.hover({ position: { ...end, x: end.x * 0.8 } });
    await figuresAfter(page, () => refresh.dispatchEvent('click'));
    await chart.hover({ position: { ...end, x: end.x / 2 } });
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
