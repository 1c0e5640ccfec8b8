import { randomUUID } from 'node:crypto';
import { AuditPage } from '../pages/audit-page';
import { accessibilityProblems } from '../support/accessibility';
import { expect, test } from '../support/test';

test.describe('The audit log', () => {
  test.beforeEach(async ({ request }) => {
    expect((await request.post('/api/tools/list_audio_files', { data: { prefix: 'masters/' } })).ok()).toBe(true);
  });

  test('a record is found, opened and verified in the browser', async ({ page, open, request }) => {
    // A name of its own: others list files at the same time.
    const prefix = `masters/${randomUUID()}`;
    expect((await request.post('/api/tools/list_audio_files', { data: { prefix } })).ok()).toBe(true);
    const audit = new AuditPage(page);
    await open('/admin/audit');
    await audit.field('Who').fill('key:bootstrap');
    await audit.field('Operation').fill('list_audio_files');
    await audit.search.click();
    await expect(page).toHaveURL(/who=key%3Abootstrap/);
    // A read is recorded a moment after its answer.
    await expect(async () => {
      await open(page.url());
      await expect(audit.touched(prefix)).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await audit.touched(prefix).getByRole('link', { name: 'list_audio_files', exact: true }).click();
    await expect(audit.drawer).toContainText(`patchline-audio/${prefix}`);
    await expect(page).toHaveURL(/record=log%23/);
    // A checkpoint covers the record within seconds; until then the page says that it has to be waited for.
    await expect(async () => {
      await page.goto(`${page.url().replace('&verify=1', '')}&verify=1`);
      await expect(audit.verdict).toContainText('This record is what was written.', { timeout: 2000 });
    }).toPass();
    await expect(audit.verdict).toContainText('Checked in this browser.');
    expect(await accessibilityProblems(page)).toEqual([]);
    await audit.drawer.press('Escape');
    await expect(audit.drawer).toHaveCount(0);
    await expect(page).not.toHaveURL(/record=/);
  });

  test('a time with an offset is looked for, and shown in UTC', async ({ page, open }) => {
    const audit = new AuditPage(page);
    await open('/admin/audit?from=2026-11-24T09:30:00%2B01:00&operation=list_audio_files');
    await expect(audit.field('From (UTC)')).toHaveValue(/^2026-11-24T08:30/);
    await audit.search.click();
    await expect(page).toHaveURL(/from=2026-11-24T08%3A30/);
    await expect(audit.record('list_audio_files')).toBeVisible();
  });

  test('new records come to the list while it is followed', async ({ page, open, request }) => {
    await open('/admin/audit?operation=get_artwork');
    const followed = page.waitForResponse((response) => new URL(response.url()).pathname === '/events/audit');
    await page.getByRole('link', { name: 'Follow live' }).click();
    await expect(page).toHaveURL(/live=1/);
    await followed;
    // A name of its own, so that no record of anybody else is taken for this one.
    const fileName = `covers/${randomUUID()}.png`;
    await request.post('/api/tools/get_artwork', { data: { fileName } });
    const audit = new AuditPage(page);
    await expect(audit.touched(fileName)).toBeVisible();
    await page.getByRole('link', { name: 'Stop following' }).click();
    await expect(page).not.toHaveURL(/live=1/);
  });

  test('what is found is taken along in three forms', async ({ page, open }) => {
    await open('/admin/audit?operation=list_audio_files');
    for (const [name, file] of [['JSON lines', 'audit.jsonl'], ['CSV', 'audit.csv'], ['OCSF', 'audit.ocsf.jsonl']] as const) {
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name, exact: true }).click();
      expect((await download).suggestedFilename()).toBe(file);
    }
  });
});
