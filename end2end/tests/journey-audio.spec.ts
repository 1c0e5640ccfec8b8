import { ToolsPage } from '../pages/tools-page';
import { expect, test } from '../support/test';
import { waveFile } from '../support/wave-file';

const BUCKET = 'patchline-audio';

test.describe('A producer delivers a master', () => {
  test('uploads a WAV file by the tool and plays it', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file', { bucketName: BUCKET }));
    await tools.field('File').setInputFiles({
      name: 'tone of two seconds.wav',
      mimeType: 'audio/wav',
      buffer: waveFile(2),
    });
    await expect(tools.field('File name')).toHaveValue('tone of two seconds.wav');
    await tools.runAndConfirm();
    await expect(tools.result).toContainText('tone of two seconds.wav');

    await open(ToolsPage.address('get_audio_file', { bucketName: BUCKET, fileName: 'tone of two seconds.wav' }));
    await tools.run.click();
    const player = tools.result.locator('audio');
    await expect(player).toBeVisible();
    await player.evaluate((audio: HTMLAudioElement) => audio.load());
    await player.evaluate((audio: HTMLAudioElement) => audio.play());
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(2, 1);
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
  });

  test('uploads a recording that is too large for a call, and sees how far it is', async ({ page, open }) => {
    const name = 'a long set.wav';
    const recording = waveFile(1_400);
    expect(recording.length).toBeGreaterThan(20 * 1024 * 1024);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file', { bucketName: BUCKET }));
    await tools.field('File').setInputFiles({ name, mimeType: 'audio/wav', buffer: recording });
    await tools.runAndConfirm();
    await expect(tools.result).toContainText(name);
    await expect(tools.result).toContainText('audio/');
    await expect(tools.touched).toContainText(`${BUCKET}/${name}`);
    await expect(tools.touched).toContainText('s3:PutObject');

    const stored = await page.request.get(`/media/${BUCKET}/${encodeURIComponent(name)}`, { timeout: 120_000 });
    expect(Number(stored.headers()['content-length'])).toBe(recording.length);
    expect((await stored.body()).equals(recording)).toBe(true);
    const player = tools.result.locator('audio');
    await player.evaluate((audio: HTMLAudioElement) => audio.play());
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(1_400, 0);
  });

  test('is asked before a file is replaced, and not before one is added', async ({ page, open, request }) => {
    const fileName = 'asked before.wav';
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file', { bucketName: BUCKET, fileName }));
    await tools.field('File').setInputFiles({ name: fileName, mimeType: 'audio/wav', buffer: waveFile(1) });
    await tools.run.click();
    await expect(tools.done).toBeVisible();

    await open(ToolsPage.address('upload_audio_file', { bucketName: BUCKET, fileName, overwrite: true }));
    await tools.field('File').setInputFiles({ name: fileName, mimeType: 'audio/wav', buffer: waveFile(2) });
    await tools.field('File name').fill(fileName);
    await tools.run.click();
    await expect(page.getByRole('dialog')).toContainText(fileName);
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    const described = await request.post('/api/tools/get_audio_file', { data: { bucketName: BUCKET, fileName } });
    expect((await described.json()).result.sizeBytes).toBe(waveFile(1).length);
  });

  test('sends a file as it is, without a form, and a player may ask for parts of it', async ({ page, open }) => {
    await open('/');
    const body = waveFile(3);
    const stored = await page.request.put('/upload/audio?fileName=raw/three-seconds.wav', {
      data: body,
      headers: { 'content-type': 'audio/wav' },
    });
    expect(stored.status(), await stored.text()).toBe(201);

    const address = `/media/${BUCKET}/raw/three-seconds.wav`;
    const whole = await page.request.get(address);
    expect(whole.status()).toBe(200);
    expect(whole.headers()['content-type']).toContain('audio/');
    expect(whole.headers()['accept-ranges']).toBe('bytes');
    expect((await whole.body()).equals(body)).toBe(true);

    const part = await page.request.get(address, { headers: { Range: 'bytes=0-99' } });
    expect(part.status()).toBe(206);
    expect(part.headers()['content-range']).toBe(`bytes 0-99/${body.length}`);
    expect((await part.body()).equals(body.subarray(0, 100))).toBe(true);

    const behind = await page.request.get(address, { headers: { Range: `bytes=${body.length}-` } });
    expect(behind.status()).toBe(416);
  });

  test('is told when a file is no audio at all', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/fn/run-tool');
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file', { bucketName: BUCKET }));
    await tools.field('File').setInputFiles({
      name: 'song.wav',
      mimeType: 'audio/wav',
      buffer: Buffer.from('<html>this is a page, not a song</html>'),
    });
    await tools.runAndConfirm();
    await expect(await tools.message('File')).not.toBeEmpty();
  });
});
