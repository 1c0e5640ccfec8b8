import { ToolsPage } from '../../pages/tools-page';
import { expect, test } from '../../support/test';
import { waveFile } from '../../support/wave-file';

test.describe('Without JavaScript', () => {
  test('a tool that only reads is filled in and run', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files'));
    await tools.field('Bucket').selectOption('patchline-audio');
    await tools.run.click();
    await expect(tools.result).toContainText('masters/');
    await expect(tools.field('Bucket')).toHaveValue('patchline-audio');
    await tools.showJson.check();
    await expect(tools.readable).toBeHidden();
    await expect(tools.json).toContainText('"fileName": "masters/');
  });

  test('wrong arguments are shown at their field, and what was typed stays', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/tools');
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists' }));
    await tools.field('Artist').fill('../secret');
    await tools.run.click();
    await expect(await tools.message('Artist')).not.toBeEmpty();
    await expect(tools.field('Artist')).toHaveValue('../secret');
  });

  test('a tool that may overwrite asks for a yes before it runs', async ({ page, open, request }) => {
    const { result } = await (await request.post('/api/tools/query_release_data', { data: { limit: 1 } })).json();
    const release = result.rows[0];
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('update_release_data'));
    await tools.field('Table').selectOption('releases');
    await tools.field('Release').fill(release.releaseId);
    await tools.field('Version you have seen').fill(String(release.version));
    await tools.field('Genre').fill('silence');
    await tools.run.click();

    const yes = page.getByRole('checkbox', { name: /^Yes, run “Update a release”/ });
    await expect(yes).not.toBeChecked();
    await expect(tools.field('Genre')).toHaveValue('silence');
    const after = await request.post('/api/tools/query_release_data', { data: { releaseId: release.releaseId } });
    expect((await after.json()).result.rows[0].genre).toBe(release.genre);
  });

  test('a tool that may overwrite runs after the yes', async ({ page, open, request }) => {
    const { result } = await (await request.post('/api/tools/query_release_data', { data: { limit: 100 } })).json();
    // One that no other test changes.
    const release = result.rows.filter((row: { status: string }) => row.status === 'released')[22];
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('update_release_data', { releaseId: release.releaseId }));
    await tools.field('Version you have seen').fill(String(release.version));
    await tools.field('Genre').fill(release.genre);
    await tools.run.click();
    await page.getByRole('checkbox', { name: /^Yes, run “Update a release”/ }).check();
    await tools.run.click();
    await expect(tools.done).toBeVisible();
    const after = await request.post('/api/tools/query_release_data', { data: { releaseId: release.releaseId } });
    expect((await after.json()).result.rows[0].version).toBe(release.version + 1);
  });

  test('a master of any size is uploaded', async ({ page, open }) => {
    const recording = waveFile(1_700);
    expect(recording.length).toBeGreaterThan(24 * 1024 * 1024);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file'));
    await tools.field('File name').fill('masters/without a script.wav');
    await tools.field('File').setInputFiles({ name: 'a.wav', mimeType: 'audio/wav', buffer: recording });
    await tools.run.click();
    await expect(tools.done).toBeVisible();
    const stored = await page.request.head('/media/patchline-audio/masters/without%20a%20script.wav');
    expect(Number(stored.headers()['content-length'])).toBe(recording.length);
  });

  test('a form that is too large is answered with the page, and what was typed stays', async ({ page, open, complaints }) => {
    complaints.expectAnswer(413, '/tools');
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_artwork'));
    await tools.field('File name').fill('covers/huge.png');
    const huge = { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(30 * 1024 * 1024) };
    await page.locator('input[type=file]').setInputFiles(huge);
    await tools.run.click();
    await expect(tools.failure).toContainText('Pick a smaller file');
    await expect(tools.field('File name')).toHaveValue('covers/huge.png');
    await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeAttached();
  });

  test('an unknown tool is named as such', async ({ open, page, complaints }) => {
    complaints.expectAnswer(404, '/tools');
    await open('/tools?tool=make_coffee');
    await expect(page.getByRole('heading', { name: 'There is no such tool' })).toBeVisible();
  });
});
