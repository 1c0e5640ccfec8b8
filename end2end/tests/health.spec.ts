import { HealthPage } from '../pages/health-page';
import { expect, test } from '../support/test';

// The one server that no other test calls, so that it can be drained while they run.
const DATABASES = 'Databases (RDS)';

test.describe.configure({ mode: 'serial' });

test.describe('The page of health', () => {
  test('tells how each server is, with figures and its days', async ({ page, open }) => {
    const health = new HealthPage(page);
    await open('/health');
    for (const name of ['Files (S3)', 'Catalogue and figures (DynamoDB)', 'Logs and metrics (CloudWatch)', 'Knowledge (Bedrock)', DATABASES]) {
      const server = health.server(name);
      await expect(server.getByText('Healthy', { exact: true })).toBeVisible();
      await expect(server.getByText(/^\d+\ss ago$/)).toBeVisible();
      await expect(server.getByRole('img', { name: /Worked at|No checks yet/ })).toBeVisible();
    }
    await expect(page.getByRole('main').getByText('All servers work')).toBeVisible();
  });

  test('follows by itself', async ({ page, open, request }) => {
    const health = new HealthPage(page);
    await open('/health');
    await expect(page.getByText(/^Live, as of/)).toBeVisible();
    const calls = health.server('Files (S3)').locator('div', { hasText: 'Requests a minute' }).locator('dd');
    await expect(calls.last()).toHaveText(/^\d+$/);
    const before = Number(await calls.last().textContent());
    for (let call = 0; call < 5; call += 1) await request.post('/api/tools/list_audio_files', { data: {} });
    await expect.poll(async () => Number(await calls.last().textContent())).toBeGreaterThanOrEqual(Math.min(before, 5));
  });

  test('leads to the page of a server with its checks and tools', async ({ page, open }) => {
    await open('/health');
    await page.getByRole('link', { name: 'Files (S3)' }).click();
    await expect(page).toHaveURL('/health/s3');
    await expect(page.getByRole('heading', { level: 1, name: 'Files (S3)' })).toBeVisible();
    await expect(page.getByRole('row', { name: /bucket patchline-audio Healthy/ })).toBeVisible();
    await page.getByRole('link', { name: 'get_contract' }).click();
    await expect(page).toHaveURL(/\/tools\?tool=get_contract/);
  });
});

test.describe('A server', () => {
  test('is drained and enabled again, and every page says so', async ({ page, open, request }) => {
    const health = new HealthPage(page);
    await open('/health');
    await health.drain(DATABASES);
    try {
      await expect(health.server(DATABASES).getByText(/^Demo admin drained it at/)).toBeVisible();
      const refused = await request.post('/api/tools/list_database_instances', { data: {} });
      expect(refused.status()).toBe(503);
      expect((await refused.json()).error.message).toContain('Demo admin drained it');
      await open('/artists');
      await expect(page.getByRole('banner').getByRole('link', { name: 'rds: drained' })).toBeVisible();
    } finally {
      await open('/health');
      await health.enable(DATABASES);
    }
    await expect(health.server(DATABASES).getByText('Healthy', { exact: true })).toBeVisible();
    expect((await request.post('/api/tools/list_database_instances', { data: {} })).status()).toBe(200);
  });
});
