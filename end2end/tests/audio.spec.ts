import { mkdirSync, writeFileSync } from 'node:fs';
import { AudioPage } from '../pages/audio-page';
import { musicFile } from '../support/music-file';
import { expect, test } from '../support/test';

const wav = (name: string, buffer: Buffer) => ({ name, mimeType: 'audio/wav', buffer });

/** The same WAV of 16 bits at half its level. */
function quieter(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  for (let at = 44; at < copy.length; at += 2) copy.writeInt16LE(Math.round(copy.readInt16LE(at) / 2), at);
  return copy;
}

test.describe('A producer drops masters', () => {
  test('and reads what is wrong with which, where, and what to do', async ({ page, open }) => {
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/dropped');
    await audio.files.setInputFiles([
      wav('clean take.wav', musicFile(31)),
      wav('clipped take.wav', musicFile(32, true)),
    ]);
    await expect(audio.onTheirWay).toHaveCount(2);
    await expect(audio.onTheirWay.filter({ hasText: 'Stored, and being checked.' })).toHaveCount(2);
    await expect(audio.row('masters/dropped/clean take.wav')).toContainText('Passed');
    await expect(audio.row('masters/dropped/clipped take.wav')).toContainText('Look at it');

    await audio.row('masters/dropped/clipped take.wav').getByRole('link').first().click();
    const clipping = audio.finding('Clipping');
    await expect(clipping).toContainText('To look at');
    await expect(clipping).toContainText('0:16.0');
    await expect(clipping).toContainText('Lower the level before the limiter');
    await audio.store('Spotify').click();
    await expect(page).toHaveURL(/profile=spotify/);
    await expect(page.getByRole('list', { name: 'Findings for Spotify' })).toBeVisible();

    const report = page.getByRole('link', { name: 'Report as JSON' });
    const answer = await page.request.get((await report.getAttribute('href')) ?? '');
    const codes = (await answer.json()).report.report.findings.map((finding: { code: string }) => finding.code);
    expect(codes).toContain('S04');

    await page.emulateMedia({ media: 'print' });
    await expect(clipping).toBeVisible();
    await expect(report).toBeHidden();
  });

  test('and hears a place by the keyboard and by a finding', async ({ page, open }) => {
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/heard');
    await audio.files.setInputFiles([wav('heard.wav', musicFile(33, true))]);
    await expect(audio.row('masters/heard/heard.wav')).toContainText('Look at it');
    await audio.row('masters/heard/heard.wav').getByRole('link').first().click();

    const sound = page.locator('audio').first();
    await expect.poll(() => sound.evaluate((element: HTMLAudioElement) => element.duration)).toBeCloseTo(33, 0);
    await audio.wave.focus();
    await page.keyboard.press('ArrowRight');
    await expect(audio.wave).toHaveAttribute('aria-valuetext', '0:05.0');
    await page.keyboard.press('End');
    await expect(audio.wave).toHaveAttribute('aria-valuetext', '0:33.0');
    await page.keyboard.press('Home');
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await page.keyboard.press('c');
    await expect(page.getByRole('button', { name: 'Left and right' })).toHaveAttribute('aria-pressed', 'true');
    const finer = page.waitForRequest(
      (request) => request.url().endsWith('/fn/recording-waveform') && /"channel":2/.test(request.postData() ?? ''),
    );
    await page.keyboard.press('+');
    await finer;
    await audio.finding('Clipping').getByRole('link', { name: '0:16.5' }).first().click();
    await expect.poll(() => sound.evaluate((element: HTMLAudioElement) => element.currentTime)).toBeGreaterThan(14);
  });

  test('and hears two versions at the same loudness', async ({ page, open }) => {
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/versions');
    await audio.files.setInputFiles([wav('loud.wav', musicFile(34)), wav('quiet.wav', quieter(musicFile(34)))]);
    for (const name of ['loud', 'quiet']) {
      await expect(audio.row(`masters/versions/${name}.wav`)).toContainText(/Passed|Look at it/);
    }
    await audio.row('masters/versions/loud.wav').getByRole('link').first().click();
    const other = page.getByRole('option', { name: 'quiet.wav' });
    await page.getByLabel('Compare with').selectOption((await other.getAttribute('value')) ?? '');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page).toHaveURL(/[?&]compare=/);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');

    const versions = page.getByRole('group', { name: 'Which version is heard' });
    const heard = (place: number) =>
      page.locator('audio').nth(place).evaluate(({ muted, volume }: HTMLAudioElement) => ({ muted, volume: volume.toFixed(1) }));
    await versions.getByRole('button', { name: /^B: / }).click();
    await expect.poll(() => heard(0)).toEqual({ muted: true, volume: '0.5' });
    expect(await heard(1)).toEqual({ muted: false, volume: '1.0' });
    await versions.getByRole('button', { name: /^A: / }).click();
    await expect.poll(() => heard(0)).toEqual({ muted: false, volume: '0.5' });
    expect((await heard(1)).muted).toBe(true);
  });

  test('and hears the mended master against the version of it before', async ({ page, open, complaints }) => {
    complaints.expectAnswer(409, '/upload/parts');
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/mended');
    await audio.files.setInputFiles([wav('take.wav', musicFile(34))]);
    await expect(audio.row('masters/mended/take.wav')).toContainText(/Passed|Look at it/);
    await audio.act('Dismiss').click();
    await audio.files.setInputFiles([wav('take.wav', quieter(musicFile(34)))]);
    await audio.act('Replace it').click();
    await expect(audio.onTheirWay).toContainText('Stored, and being checked.');

    await audio.row('masters/mended/take.wav').getByRole('link').first().click();
    const before = page.getByRole('option', { name: /^the version of .* LUFS$/ });
    await expect(before).toHaveCount(1);
    await page.getByLabel('Compare with').selectOption((await before.getAttribute('value')) ?? '');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page).toHaveURL(/[?&]compare=version\./);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    const versions = page.getByRole('group', { name: 'Which version is heard' });
    await versions.getByRole('button', { name: /^B: the version of / }).click();
    const louder = page.locator('audio').nth(1);
    await expect(louder).toHaveAttribute('src', /\/take\.wav\?versionId=/);
    await expect.poll(() => louder.evaluate(({ muted, volume }: HTMLAudioElement) => ({ muted, volume: volume.toFixed(1) }))).toEqual({ muted: false, volume: '0.5' });
  });

  test('as a folder, and as what is dropped: each file is stored under its name', async ({ page, open }, testInfo) => {
    const album = testInfo.outputPath('album');
    mkdirSync(`${album}/side b`, { recursive: true });
    writeFileSync(`${album}/one.wav`, musicFile(1));
    writeFileSync(`${album}/side b/two.wav`, musicFile(2));
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/folder');
    await audio.upload.getByLabel('Pick a folder').setInputFiles(album);
    // Files that scripts put together have no folders: a browser tells them as a list.
    const dropped = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      for (const name of ['three.wav', 'four.wav']) transfer.items.add(new File([bytes], name, { type: 'audio/wav' }));
      return transfer;
    }, musicFile(1).toString('base64'));
    await audio.upload.locator('form').dispatchEvent('drop', { dataTransfer: dropped });
    await expect(audio.onTheirWay.filter({ hasText: 'Stored, and being checked.' })).toHaveCount(4);
    for (const name of ['album/one.wav', 'album/side b/two.wav', 'three.wav', 'four.wav']) {
      await expect(audio.row(`masters/folder/${name}`)).toContainText('Look at it');
    }
  });

  test('and is told when something is no audio', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/upload/parts');
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.files.setInputFiles([wav('song.wav', Buffer.from('MZ this is a program'))]);
    await expect(audio.onTheirWay).toContainText('the content is not audio that Patchline knows');
  });

  test('and goes on after a lost connection, a pause and a closed tab, with what was missing', async ({ page, open, complaints }, testInfo) => {
    // From a file, because the time of its last change tells that it is the same.
    const take = testInfo.outputPath('long take.wav');
    writeFileSync(take, musicFile(60));
    const sent: string[] = [];
    page.on('request', (request) => {
      const part = /\/upload\/parts\/[^/]+\/(\d+)\?/.exec(request.url())?.[1];
      if (part) sent.push(part);
    });
    complaints.expect(/ERR_CONNECTION_RESET/);
    await page.route(/\/upload\/parts\/[^/]+\/2\?/, (route) => route.abort('connectionreset'));
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters/cut-off');
    await audio.files.setInputFiles(take);
    await expect(audio.onTheirWay).toContainText('The connection is lost.');
    await audio.act('Pause').click();
    await expect(audio.onTheirWay).toContainText('Paused. What is there already stays.');
    await audio.act('Go on').click();
    await expect(audio.onTheirWay).toContainText('The connection is lost.');

    await open('/audio');
    await page.unrouteAll({ behavior: 'wait' });
    sent.length = 0;
    await audio.folder.fill('masters/cut-off');
    await audio.files.setInputFiles(take);
    await expect(audio.onTheirWay).toContainText('Stored, and being checked.');
    expect(sent).toEqual(['2']);
    await expect(audio.row('masters/cut-off/long take.wav')).toContainText('Passed');
  });
});
