import { ToolsPage } from '../../pages/tools-page';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('a tool that only reads is filled in and run', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files'));
    await tools.field('Bucket').selectOption('patchline-audio');
    await tools.run.click();
    await expect(tools.result).toContainText('masters/');
    await expect(tools.field('Bucket')).toHaveValue('patchline-audio');
  });

  test('wrong arguments are shown at their field, and what was typed stays', async ({ page, open, complaints }) => {
    complaints.expect(/400/);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists' }));
    await tools.field('Artist').fill('../secret');
    await tools.run.click();
    await expect(await tools.message('Artist')).not.toBeEmpty();
    await expect(tools.field('Artist')).toHaveValue('../secret');
  });

  test('a tool that may overwrite asks for a yes before it runs', async ({ page, open, request, complaints }) => {
    complaints.expect(/400/);
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

  test('an unknown tool is named as such', async ({ open, page }) => {
    await open('/tools?tool=make_coffee');
    await expect(page.getByRole('heading', { name: 'There is no such tool' })).toBeVisible();
  });
});
