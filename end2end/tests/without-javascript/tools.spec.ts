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

  test('an unknown tool is answered with 404', async ({ open, page, complaints }) => {
    complaints.expect(/404/);
    const response = await open('/tools?tool=make_coffee');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('main')).toContainText('make_coffee');
  });
});
