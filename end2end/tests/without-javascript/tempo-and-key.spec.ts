import { AudioPage } from '../../pages/audio-page';
import { musicFile } from '../../support/music-file';
import { expect, test } from '../../support/test';

test('without JavaScript tempo and key are stated, taken back, and offered for the next version of the file', async ({
  page,
  request,
  complaints,
}, { retry }) => {
  // What was stated stays with the content, so that another try takes another name.
  const file = `masters/plainly-stated-${retry}.wav`;
  const audio = new AudioPage(page);
  const store = async (seconds: number) => {
    const put = await request.put(`/upload/audio?fileName=${file}&overwrite=true`, { data: musicFile(seconds) });
    expect(put.status(), await put.text()).toBe(201);
  };
  await store(31);
  await page.setViewportSize({ width: 360, height: 740 });
  await audio.openChecked(file);
  const address = new URL(page.url()).pathname;

  complaints.expectAnswer(400, address);
  await audio.tempo.fill('fast');
  await audio.stating('Keep tempo and key').click();
  await expect(audio.statement.getByText('beats a minute are a number from 20 to 400')).toHaveCount(1);
  await expect(audio.tempo).toHaveValue('fast');
  await expect(audio.tempo).toHaveAttribute('aria-invalid', 'true');
  await audio.statement.getByRole('alert').getByRole('link', { name: 'the tempo' }).click();
  await expect(page).toHaveURL(/#field-tempo$/);
  await expect(audio.properties).not.toContainText('stated by');

  await audio.tempo.fill('87,5');
  await audio.key.selectOption('A minor');
  await audio.stating('Keep tempo and key').click();
  await expect(page).toHaveURL(`${address}#tempo-and-key`);
  await expect(audio.properties).toContainText('87.5 a minute, stated by');
  await expect(audio.properties).toContainText('A minor, stated by');
  await expect(audio.properties.getByText('Measured: ')).toHaveCount(2);

  // Leaving one of both empty takes that one back only.
  await audio.tempo.fill('');
  await audio.stating('Keep tempo and key').click();
  await expect(audio.properties).not.toContainText('87.5');
  await expect(audio.properties).toContainText('A minor, stated by');

  await store(32);
  await expect(async () => {
    await page.goto(address);
    await expect(audio.stating('State the same of the new one')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(audio.properties).not.toContainText('stated by');
  await audio.stating('State the same of the new one').click();
  await expect(audio.properties).toContainText('A minor, stated by');
  await audio.stating('Take the statement back').click();
  await expect(audio.properties).not.toContainText('stated by');
  await expect(audio.stating('Take the statement back')).toHaveCount(0);
});
