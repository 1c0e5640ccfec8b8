import { AudioPage } from '../pages/audio-page';
import { accessibilityProblems } from '../support/accessibility';
import { musicFile } from '../support/music-file';
import { expect, test } from '../support/test';

test('Two producers state the tempo of a recording, and neither overwrites the other unseen', async ({ page, request, complaints }, { retry }) => {
  // What was stated stays with the content, so that another try takes another name.
  const file = `masters/stated-${retry}.wav`;
  const put = await request.put(`/upload/audio?fileName=${file}&overwrite=true`, { data: musicFile(36) });
  expect(put.status(), await put.text()).toBe(201);
  const mine = new AudioPage(page);
  await mine.openChecked(file);
  const address = new URL(page.url()).pathname;
  await expect(page.locator('html')).toHaveAttribute('data-hydrated');

  const elsewhere = await page.context().newPage();
  const theirs = new AudioPage(elsewhere);
  await elsewhere.goto(address);
  await theirs.tempo.fill('90');
  await theirs.tempo.press('Enter');
  await expect(theirs.properties).toContainText('90 a minute, stated by');
  await elsewhere.close();

  complaints.expectAnswer(409, address);
  await mine.tempo.fill('128');
  await mine.tempo.press('Enter');
  await expect(mine.statement.getByRole('alert')).toContainText('What is stated of tempo and key has changed');
  await expect(mine.properties).toContainText('90 a minute, stated by');
  await expect(mine.tempo).toHaveValue('128');
  await mine.stating('Keep tempo and key').click();
  await expect(mine.properties).toContainText('128 a minute, stated by');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated');
  expect(await accessibilityProblems(page)).toEqual([]);

  const report = page.getByRole('link', { name: 'Report as JSON' });
  const answer = await (await page.request.get((await report.getAttribute('href')) ?? '')).json();
  expect(answer.report.report.statedTempo.bpm).toBe(128);
  expect(answer.report.report.statedTempo.by).not.toBe('');

  await page.emulateMedia({ media: 'print' });
  await expect(mine.properties).toContainText('128 a minute, stated by');
  await expect(mine.statement).toBeHidden();
});
