// Takes the pictures of the README from a running Patchline with the sample label, started with the key of
// PATCHLINE_BOOTSTRAP_KEY:
//
//   PATCHLINE_BOOTSTRAP_KEY=… node docs/pictures/take.mjs http://127.0.0.1:3000
import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const WIDTH = 1280;

const base = process.argv[2];
if (!base) {
  console.error('say where Patchline is: node docs/pictures/take.mjs http://127.0.0.1:3000');
  process.exit(1);
}

/** The browser of the system, as in the browser tests. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/** Calls a tool and answers with its rows. */
async function rows(tool, input) {
  const headers = { authorization: `Bearer ${process.env.PATCHLINE_BOOTSTRAP_KEY}` };
  const request = { method: 'POST', headers, body: JSON.stringify(input) };
  const response = await fetch(new URL(`/api/tools/${tool}`, base), request);
  if (!response.ok) throw new Error(`${tool}: ${response.status} ${await response.text()}`);
  return (await response.json()).result.rows;
}

/** Opens the page with this heading, lets `prepare` do what a person would do there, and keeps a picture. */
async function picture(name, heading, path, { theme = 'light', width = WIDTH, height = 800, prepare } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await context.request.post(new URL('/sign-in', base).href, { form: { demo: 'admin' }, maxRedirects: 0 });
  const page = await context.newPage();
  await page.goto(new URL(path, base).href);
  await page.locator('html[data-hydrated]').waitFor();
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 10_000 });
  await prepare?.(page);
  // Covers and faces come after the page.
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(import.meta.dirname, `${name}.png`) });
  await context.close();
}

const artists = await rows('query_artist_data', { limit: 1000 });
const named = (name) => artists.find((artist) => artist.name === name).artistId;
const [explained, recorded] = [named('Harbour Lanterns'), named('Velvet Cartography')];
const releases = await rows('query_release_data', { artistId: recorded });
const release = releases.find(({ tracks }) => tracks[0].audio);
const call = new URLSearchParams({ tool: 'list_audio_files', arguments: JSON.stringify({ prefix: 'masters/' }) });

await picture('overview-dark', 'Overview', '/', { theme: 'dark', height: 920 });
await picture('artist', 'Harbour Lanterns', `/artists/${explained}`, { height: 820 });
await picture('release', release.title, `/releases/${release.releaseId}`);
const recording = Buffer.from(`patchline-audio/${release.tracks[0].audio}`).toString('base64url');
await picture('recording', release.tracks[0].title, `/audio/${recording}`, { height: 1000 });
await picture('task', 'Tasks', '/tasks', {
  height: 1000,
  prepare: async (page) => {
    const words = 'How is Harbour Lanterns doing this month against last, and is it real?';
    await page.getByLabel('What do you want to know, or to have done?').fill(words);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('.task-answer').waitFor({ timeout: 120_000 });
    await page.evaluate(() => window.scrollTo(0, 0));
  },
});
await picture('tools', 'Tools', `/tools?${call}`, {
  height: 1130,
  prepare: async (page) => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result', exact: true });
    await result.getByText(/^Done in /).waitFor();
    await result.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  },
});
const asked = new URLSearchParams({ search: 'What is the mechanical rate for a 6:10 song pressed in 2026?', answer: '1' });
await picture('knowledge', 'Knowledge', `/knowledge?${asked}`, { height: 900 });
const logged = new URLSearchParams({ query: 'stats count(*) as calls by tool, bin(5m)', range: '1h', run: '1' });
await picture('logs', 'Logs', `/logs?${logged}`, { height: 1000 });
await picture('health', 'Health', '/health', { theme: 'dark', height: 860 });
await picture('performance', 'Performance', '/performance', { height: 1000 });
await picture('phone', 'Overview', '/', { width: 390, height: 780 });
await browser.close();
