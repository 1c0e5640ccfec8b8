import { Frame } from '../pages/frame';
import { LogsPage } from '../pages/logs-page';
import { withFailedCalls } from '../support/failed-calls';
import { expect, test } from '../support/test';

const ERRORS_BY_TOOL = 'filter level = "ERROR" | stats count(*) by tool, bin(5m)';

test.describe('The log of this very instance', () => {
  test('says which tools failed and when, as a table and as a chart', async ({ page, open, request }) => {
    await withFailedCalls(request, 3);
    const logs = new LogsPage(page);
    await open('/');
    await new Frame(page).entry('Logs').click();
    await logs.query.fill(ERRORS_BY_TOOL);
    await logs.run.click();

    await logs.foundAll();
    expect(new Set(await logs.column('tool'))).toContain('get_audio_file');
    const counts = (await logs.column('count(*)')).map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3);
    await expect(logs.rows.first().locator('td.number')).toHaveCSS('text-align', 'end');
    await expect(logs.table.getByRole('columnheader', { name: 'bin(5m), UTC' })).toBeVisible();
    await expect(logs.chart.getByRole('img', { name: /Highest: \d/ })).toBeVisible();
    await expect(logs.chart.locator('path.time-bars').first()).toHaveAttribute('d', /^M/);
    await expect(logs.matches.getByRole('img', { name: /^Matching records from/ })).toBeVisible();
    await expect(page).toHaveURL(/\/logs\?group=.*&query=filter%20level.*&range=1h&run=1$/);
  });

  test('is searched from a link, and a change of the range is a step back', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    const logs = new LogsPage(page);
    await open(LogsPage.address({ query: ERRORS_BY_TOOL, range: '24h', run: '1' }));
    await expect(logs.rows.first()).toBeVisible();
    await expect(logs.query).toHaveValue(ERRORS_BY_TOOL);
    await logs.range('15 min').click();
    await logs.query.focus();
    await page.keyboard.press('Control+Enter');
    await expect(page).toHaveURL(/range=15m/);
    await page.goBack();
    await expect(page).toHaveURL(/range=24h/);
    await expect(page.getByRole('radio', { name: '24 hours' })).toBeChecked();
    await expect(logs.rows.first()).toBeVisible();
  });

  test('unfolds a record, and leads from a request to all that is known of it', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    const logs = new LogsPage(page);
    const query = 'filter tool = "get_audio_file" and level = "ERROR" | fields @timestamp, requestId, @message | limit 1';
    await open(LogsPage.address({ query, run: '1' }));
    await logs.foundAll();
    const record = logs.rows.first().locator('details');
    await record.locator('summary').click();
    await expect(record.locator('pre')).toContainText('"tool": "get_audio_file"');
    const id = (await logs.column('requestId'))[0] ?? '';
    await logs.rows.first().getByRole('link', { name: id }).click();
    await expect(logs.query).toHaveValue(new RegExp(id));
    await expect(logs.rows.first()).toContainText('get_audio_file');
  });

  test('can be taken along as CSV and as JSON', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    const logs = new LogsPage(page);
    await open(LogsPage.address({ query: ERRORS_BY_TOOL, run: '1' }));
    await logs.foundAll();
    const shown = await logs.rows.count();
    for (const format of ['CSV', 'JSON']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: format, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`logs.${format.toLowerCase()}`);
    }
    const address = await page.getByRole('link', { name: 'CSV', exact: true }).getAttribute('href');
    const csv = await (await page.request.get(address ?? '')).text();
    const lines = csv.trim().split('\r\n');
    expect(lines[0]?.split(',').sort()).toEqual(['bin(5m)', 'count(*)', 'tool']);
    expect(lines).toHaveLength(shown + 1);
    const json = await (await page.request.get((address ?? '').replace('csv', 'json'))).json();
    expect(json.rows).toHaveLength(shown);
  });
});

test.describe('A query', () => {
  test('that is wrong is shown with the place', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/fn/search-logs');
    const logs = new LogsPage(page);
    await open('/logs');
    await logs.query.fill('fields tool\n| filtre level = 1');
    await logs.run.click();
    await expect(logs.queryError).toContainText('line 2');
    const place = logs.queryError.locator('pre');
    await expect(place).toContainText('| filtre level = 1');
    await expect(place).toContainText('^');
    await expect(logs.query).toHaveAttribute('aria-invalid', 'true');
    await logs.query.fill('limit 1');
    await logs.run.click();
    await expect(logs.queryError).toBeEmpty();
  });

  test('over a range that ends before it begins says so at the range', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/fn/search-logs');
    const logs = new LogsPage(page);
    await open('/logs?query=limit+1');
    await logs.range('From – to').click();
    await page.getByLabel('From, UTC').fill('2026-11-24T10:00:00');
    await page.getByLabel('To, UTC').fill('2026-11-24T09:00:00');
    await logs.run.click();
    await expect(page.locator('#log-range-error')).toContainText('must come after');
  });

  test('over a log that is not allowed is refused with those that are', async ({ page, open, complaints }) => {
    complaints.expectAnswer(403, '/logs');
    await open(LogsPage.address({ group: '/aws/lambda/payroll', query: 'limit 1', run: '1' }));
    await expect(page.getByRole('heading', { name: 'This is not allowed' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('/patchline/application');
  });

  test('that matches nothing says what to do next', async ({ page, open }) => {
    await open(LogsPage.address({ query: 'filter tool = "no such tool"', range: '15m', run: '1' }));
    await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
    await page.getByRole('link', { name: 'The last 7 days' }).click();
    await expect(page).toHaveURL(/range=7d/);
    await expect(page.getByRole('radio', { name: '7 days' })).toBeChecked();
  });

  test('is there ready made', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    const logs = new LogsPage(page);
    await open('/logs');
    await page.getByRole('link', { name: /^Slowest tools/ }).click();
    await expect(logs.rows.first()).toBeVisible();
    await expect(logs.table).toContainText('p95, ms');
    await logs.aid(/^Ready questions/);
    await page.getByRole('link', { name: /^One request by its id/ }).click();
    await expect(logs.query).toHaveValue(/requestId = ""/);
    await expect(logs.rows).toHaveCount(0);
  });

  test('is kept, opened and deleted', async ({ page, open }) => {
    const logs = new LogsPage(page);
    const name = `Kept ${Date.now()}`;
    await open('/logs');
    await logs.query.fill('stats count(*) by level');
    const aid = await logs.aid(/^My queries/);
    await aid.getByLabel('Keep this query as').fill(name);
    await aid.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(aid.getByRole('link', { name })).toBeVisible();
    await logs.query.fill('limit 1');
    await aid.getByRole('link', { name }).click();
    await expect(logs.query).toHaveValue('stats count(*) by level');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    const again = await logs.aid(/^My queries/);
    await again.getByRole('button', { name: `Delete “${name}”` }).click();
    await expect(again.getByRole('link', { name })).toHaveCount(0);
  });
});

test.describe('A long search', () => {
  test('reports how far it is and can be cancelled', async ({ page, open }) => {
    const logs = new LogsPage(page);
    let cancelled = false;
    const progress = { recordsScanned: 120_000, recordsMatched: 45, bytesScanned: 9_000_000 };
    const state = () => ({
      status: cancelled ? 'cancelled' : 'running',
      statistics: progress,
      table: { columns: [], rows: [], truncated: false },
    });
    await page.route('**/fn/search-logs', (route) =>
      route.fulfill({
        json: {
          started: {
            queryId: 'query-1',
            histogramQueryId: null,
            logGroupName: '/patchline/application',
            startTime: '2026-11-24T09:00:00Z',
            endTime: '2026-11-24T10:00:00Z',
            binSeconds: 300,
          },
          rows: state(),
          counts: null,
        },
      }),
    );
    await page.route('**/fn/log-query', (route) => route.fulfill({ json: state() }));
    await page.route('**/fn/stop-log-query', (route) => {
      expect(route.request().postData()).toContain('query-1');
      cancelled = true;
      return route.fulfill({ json: null });
    });
    await open('/logs');
    await logs.query.fill('stats count(*) by tool');
    await logs.run.click();
    await expect(page.getByText(/120.000 records read, 45 match/)).toBeVisible();
    await logs.cancel.click();
    await expect(page.getByText('The search was cancelled.')).toBeVisible();
    await expect(page.getByText('Nothing matches')).toBeHidden();
    await expect(logs.cancel).toBeHidden();
  });
});

test.describe('Somebody’s activity', () => {
  test('is explained: actions, sessions, errors, busy hours, what stands out', async ({ page, open, request }) => {
    await withFailedCalls(request, 1);
    await open('/logs');
    await page.getByRole('link', { name: 'Explain somebody’s activity' }).click();
    await page.getByLabel('Person').fill('key:bootstrap');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await expect(page).toHaveURL('/logs?view=activity&user=key%3Abootstrap&range=24h');
    await expect(page.getByRole('region', { name: 'Actions' }).first()).toContainText('get_audio_file');
    for (const name of ['What stands out', 'Busiest hours', 'Sessions']) {
      await expect(page.getByRole('heading', { name })).toBeVisible();
    }
    await expect(page.getByText('Error rate')).toBeVisible();
  });

  test('of nobody is said to be nothing', async ({ page, open }) => {
    await open('/logs?view=activity&user=nobody-of-this-name&range=7d');
    await expect(page.getByRole('heading', { name: 'Nothing from nobody-of-this-name' })).toBeVisible();
  });
});
