import { AudioPage } from '../../pages/audio-page';
import { musicFile } from '../../support/music-file';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('recordings are uploaded, checked and read about', async ({ page, open }) => {
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/plain');
    await audio.files.setInputFiles([
      { name: 'one.wav', mimeType: 'audio/wav', buffer: musicFile(1) },
      { name: 'two.wav', mimeType: 'audio/wav', buffer: musicFile(2) },
    ]);
    await audio.upload.getByRole('button', { name: 'Upload' }).click();
    await expect(async () => {
      await page.goto('/audio?search=masters/plain');
      await expect(audio.row('masters/plain/one.wav')).toContainText('Look at it', { timeout: 500 });
      await expect(audio.row('masters/plain/two.wav')).toContainText('Look at it', { timeout: 500 });
    }).toPass();
    await audio.row('masters/plain/one.wav').getByRole('link').first().click();
    await expect(audio.finding('Unusual length')).toContainText('30 s to 10 min');
    await expect(page.locator('audio').first()).toBeVisible();
  });
});
