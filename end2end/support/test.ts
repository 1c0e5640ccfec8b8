import { type Response, test as base, expect } from '@playwright/test';
import { Complaints } from './complaints';
import { KEY } from './server';
import { ANSWERED_WITHIN, NOBODY, sessionAt } from './sign-in';

interface Fixtures {
  /** The server that is tested; that of the global set-up unless a file of tests starts one of its own. */
  server: string;
  /** What the browser complained about; anything unexpected fails the test. */
  complaints: Complaints;
  /** Goes to a page and waits until it is alive. */
  open: (path: string) => Promise<Response | null>;
}

function serverUrl(): string {
  const url = process.env['PATCHLINE_URL'];
  if (!url) throw new Error('PATCHLINE_URL is not set: the global set-up did not run');
  return url;
}

/** A test against the server of the global set-up, which fails on any complaint of the browser. */
export const test = base.extend<Fixtures>({
  server: async ({}, use) => use(serverUrl()),

  baseURL: async ({ server }, use) => use(server),

  // Pages are shown to an admin who has signed in; a file of tests may say otherwise.
  storageState: async ({ server }, use) => use(await sessionAt(server)),

  // What asks beside the page is a program with a key.
  request: async ({ playwright, server }, use) => {
    const headers = { authorization: `Bearer ${KEY}` };
    // Not with the session of the page, which is in what new contexts are given.
    const own = { baseURL: server, extraHTTPHeaders: headers, storageState: NOBODY, timeout: ANSWERED_WITHIN };
    const program = await playwright.request.newContext(own);
    await use(program);
    await program.dispose();
  },

  complaints: [
    async ({ page, javaScriptEnabled, baseURL }, use) => {
      const complaints = new Complaints(page, baseURL ?? '');
      if (javaScriptEnabled === false) {
        // What switched-off scripts look like: blocked, and preloaded in vain.
        complaints.expect(/^request failed: \S+\/pkg\/\S+\.js: csp$/);
        complaints.expect(/^console warning: The resource \S+\/pkg\/\S+ was preloaded using link preload but not used/);
      } else {
        // It is used, or no page would come alive; on a slow machine only later than the browser expects.
        complaints.expect(/^console warning: The resource \S+\/pkg\/patchline[^/\s]*\.(js|wasm) was preloaded using link preload but not used/);
      }
      await use(complaints);
      expect(complaints.unexpected(), 'the browser must have nothing to complain about').toEqual([]);
    },
    { auto: true },
  ],

  open: async ({ page, javaScriptEnabled }, use) => {
    await use(async (path) => {
      const response = await page.goto(path);
      if (javaScriptEnabled !== false) await expect(page.locator('html')).toHaveAttribute('data-hydrated');
      return response;
    });
  },
});

export { expect };
