// What a browser makes of the page of a recording: its first paint, and the frames while its waveform is zoomed, beside
// the same on a page with nothing in it: waveform.mjs ADDRESS PATH. It prints one line of JSON; times are milliseconds.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [address, path] = process.argv.slice(2);
/** Loads of each page, of which the median is told. */
const LOADS = 5;
/** How long each way of zooming goes on, in milliseconds. */
const ZOOMING = 4_000;
/** Steps closer while the server draws finer parts, before anything is measured. */
const STEPS = 12;
/** What is later than a sixtieth of a second: a millisecond more, since the browser's clock is rounded. */
const LATE = 1_000 / 60 + 1;
/** An element that hears the same events and draws nothing. */
const NOTHING = '<!doctype html><title>Nothing</title><p>Nothing</p><div class="player-wave" role="slider" tabindex="0"></div>';

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath) throw new Error('there is no Chromium on this machine');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const signedIn = await context.request.post(`${address}/sign-in`, { form: { demo: 'admin' }, maxRedirects: 0 });
  if (signedIn.status() !== 303) throw new Error(`signing in was answered with ${signedIn.status()}`);
  await context.route(`${address}/nothing`, (route) => route.fulfill({ contentType: 'text/html', body: NOTHING }));
  const found = {
    page: await measured(context, `${address}${path}`, true),
    empty: await measured(context, `${address}/nothing`, false),
  };
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}

/** First paint, and frames by wheel and by keys. */
async function measured(context, url, hasWaveform) {
  const paints = [];
  for (let load = 0; load < LOADS; load += 1) {
    const page = await context.newPage();
    await page.goto(url);
    paints.push(await firstPaint(page));
    await page.close();
  }
  const page = await context.newPage();
  const waiting = followed(page);
  await page.goto(url);
  // It takes keys once the page has been taken over.
  await page.locator('.player-wave[role=slider]').waitFor({ state: 'attached' });
  if (hasWaveform) {
    await page.locator('.player-wave').click();
    await drawFiner(page, waiting);
  }
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const wheel = await zoomed(page, session, 'wheel');
  const keys = await zoomed(page, session, 'keys');
  await page.close();
  return { firstPaint: median(paints), wheel, keys };
}

async function firstPaint(page) {
  const entry = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  return (await page.waitForFunction(entry)).jsonValue();
}

/** How many waveforms a page waits for. */
function followed(page) {
  const waiting = new Set();
  const isOne = (request) => request.url().includes('/fn/recording-waveform');
  page.on('request', (request) => isOne(request) && waiting.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => waiting.delete(request));
  return waiting;
}

/** Goes closer step by step, as somebody does who looks for a place, until the finer parts are there. */
async function drawFiner(page, waiting) {
  for (let step = 0; step < STEPS; step += 1) {
    await page.keyboard.press('+');
    // The page asks when the view has stood still for a quarter of a second.
    do await page.waitForTimeout(400);
    while (waiting.size > 0);
  }
  await page.keyboard.press('0');
  await page.waitForTimeout(400);
}

/** Zooms with every frame by the wheel, or with every second one by a key, all the way in and out again. */
async function zoomed(page, session, kind) {
  const before = await work(session);
  const deltas = await page.evaluate(zoom, { kind, millis: ZOOMING });
  const after = await work(session);
  return {
    framesASecond: 1_000 / median(deltas),
    late: deltas.filter((delta) => delta > LATE).length / deltas.length,
    work: (after - before) / deltas.length,
  };
}

/** How long the thread of the page has worked, in milliseconds. */
async function work(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'TaskDuration').value * 1_000;
}

/** Runs in the page: the time from each frame to the next, while an event is sent with them. */
function zoom({ kind, millis }) {
  const wave = document.querySelector('.player-wave');
  const isWheel = kind === 'wheel';
  const turnAfter = isWheel ? 40 : 24;
  const common = { bubbles: true, cancelable: true };
  const deltas = [];
  let [last, begun, frame] = [undefined, undefined, 0];
  return new Promise((done) => {
    const step = (now) => {
      begun ??= now;
      if (last !== undefined) deltas.push(now - last);
      last = now;
      const isCloser = Math.floor(frame / turnAfter) % 2 === 0;
      if (isWheel) {
        wave.dispatchEvent(new WheelEvent('wheel', { ...common, ctrlKey: true, deltaY: isCloser ? -100 : 100 }));
      } else if (frame % 2 === 0) {
        wave.dispatchEvent(new KeyboardEvent('keydown', { ...common, key: isCloser ? '+' : '-' }));
      }
      frame += 1;
      if (now - begun < millis) requestAnimationFrame(step);
      else done(deltas);
    };
    requestAnimationFrame(step);
  });
}
