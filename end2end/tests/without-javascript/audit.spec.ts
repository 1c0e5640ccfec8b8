import { AuditPage } from '../../pages/audit-page';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('the audit log is searched, and a record opened and closed', async ({ page, open, request }) => {
    expect((await request.post('/api/tools/list_audio_files', { data: {} })).ok()).toBe(true);
    const audit = new AuditPage(page);
    await open('/admin/audit');
    await audit.field('Operation').fill('list_audio_files');
    await audit.search.click();
    await expect(page).toHaveURL(/operation=list_audio_files/);
    await audit.record('list_audio_files').click();
    await expect(audit.drawer).toContainText('Place in its log');
    await audit.drawer.getByRole('link', { name: 'Close' }).click();
    await expect(audit.drawer).toHaveCount(0);
  });
});
