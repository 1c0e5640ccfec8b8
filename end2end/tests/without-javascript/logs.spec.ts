import { LogsPage } from '../../pages/logs-page';
import { withFailedCalls } from '../../support/failed-calls';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('the log is searched, drawn and taken along', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    const logs = new LogsPage(page);
    await open('/logs');
    await logs.query.fill('filter level = "ERROR"\n| stats count(*) by tool, bin(5m)');
    await logs.range('24 hours').click();
    await logs.run.click();
    await expect(page).toHaveURL(/range=24h/);
    await expect(logs.table).toContainText('get_audio_file');
    await expect(logs.chart.locator('path.time-bars').first()).toHaveAttribute('d', /^M/);
    await expect(logs.query).toHaveValue('filter level = "ERROR"\n| stats count(*) by tool, bin(5m)');
    const address = await page.getByRole('link', { name: 'CSV', exact: true }).getAttribute('href');
    expect(await (await page.request.get(address ?? '')).text()).toContain('get_audio_file');
  });

  test('a wrong query is shown with the place', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/logs');
    const logs = new LogsPage(page);
    await open('/logs');
    await logs.query.fill('filtre level = 1');
    await logs.run.click();
    await expect(logs.queryError).toContainText('^');
    await expect(logs.query).toHaveValue('filtre level = 1');
  });

  test('queries are kept and deleted', async ({ page, open }) => {
    const logs = new LogsPage(page);
    const name = `Kept without scripts ${Date.now()}`;
    await open(LogsPage.address({ query: 'limit 3', run: '1' }));
    let aid = await logs.aid(/^My queries/);
    await aid.getByLabel('Keep this query as').fill(name);
    await aid.getByRole('button', { name: 'Keep', exact: true }).click();
    aid = await logs.aid(/^My queries/);
    await expect(aid.getByRole('link', { name })).toHaveAttribute('href', /query=limit%203/);
    await aid.getByRole('button', { name: `Delete “${name}”` }).click();
    aid = await logs.aid(/^My queries/);
    await expect(aid.getByRole('link', { name })).toHaveCount(0);
  });

  test('an activity is explained', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    await open('/logs?view=activity');
    await page.getByLabel('Person').fill('key:bootstrap');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'What stands out' })).toBeVisible();
  });
});
