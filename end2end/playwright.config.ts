import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

/** The browser of the system: the packages that bring one cannot be downloaded everywhere. */
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/artifacts',
  globalSetup: './support/global-setup',
  fullyParallel: true,
  workers: 2,
  // One browser in hundreds freezes on a busy machine. What passes at the second try is told as flaky.
  retries: 1,
  forbidOnly: Boolean(process.env['CI']),
  // Long enough for a machine that is several times slower than usual at moments: what passes takes no longer.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: [
    // It tells at the end, where a log is read first, what failed and why.
    ['list'],
    ['junit', { outputFile: resolve(__dirname, '../build/reports/browser.xml') }],
    ['html', { outputFolder: 'results/report', open: 'never' }],
  ],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    // Without pictures: taking them costs every test, and a failure has one of its own.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
  projects: [
    { name: 'with-javascript', testIgnore: '**/without-javascript/**' },
    { name: 'without-javascript', testMatch: '**/without-javascript/**', use: { javaScriptEnabled: false } },
  ],
});
