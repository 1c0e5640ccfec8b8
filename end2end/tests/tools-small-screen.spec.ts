import { ToolsPage } from '../pages/tools-page';
import { expect, test } from '../support/test';

test.describe('The tools on a small screen', () => {
  test.beforeEach(({ page }) => page.setViewportSize({ width: 360, height: 740 }));

  test('a link to a tool opens at its form, not behind the list', async ({ page, open }) => {
    await open(ToolsPage.address('get_audio_file'));
    await expect(page.getByRole('heading', { name: 'Get an audio file' })).toBeInViewport();
    await expect(page.getByRole('navigation', { name: 'Tools' })).toBeHidden();
  });

  test('picking a tool leads to it, and a link back to the list', async ({ page, open }) => {
    await open('/tools');
    const list = page.getByRole('navigation', { name: 'Tools' });
    await list.getByRole('link', { name: /^List audio files/ }).click();
    await expect(page.getByRole('heading', { name: 'List audio files' })).toBeFocused();
    await expect(page.getByRole('heading', { name: 'List audio files' })).toBeInViewport();
    await expect(list).toBeHidden();
    await page.getByRole('link', { name: 'All tools' }).click();
    await expect(list).toBeVisible();
    await expect(page).toHaveURL('/tools');
  });
});
