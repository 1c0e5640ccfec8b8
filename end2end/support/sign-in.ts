import { type APIRequestContext, type BrowserContextOptions, expect, request } from '@playwright/test';
import { linkForFirstAdmin } from './server';

type Session = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** The admin of a server without the demo. */
export const ADMIN = { name: 'Ada', email: 'ada@label.example', password: 'a password of the tests' };

/** How long an answer to what is asked beside the page may take, in milliseconds. */
export const ANSWERED_WITHIN = 120_000;

/** Somebody whom nobody knows. */
export const NOBODY: Session = { cookies: [], origins: [] };

const SESSIONS = new Map<string, Promise<Session>>();

/** The session of an admin at a server, begun once in each process. */
export function sessionAt(url: string): Promise<Session> {
  const known = SESSIONS.get(url);
  if (known) return known;
  const begun = signIn(url);
  SESSIONS.set(url, begun);
  return begun;
}

/** A cookie as somebody has it who signed in before the store went away. */
export function sessionThatCannotBeRead(url: string): Session {
  const value = 'A'.repeat(22);
  const cookie = { name: 'patchline-000000000000', value, domain: new URL(url).hostname, path: '/', expires: -1 };
  return { cookies: [{ ...cookie, httpOnly: true, secure: false, sameSite: 'Lax' }], origins: [] };
}

async function signIn(url: string): Promise<Session> {
  const browser = await request.newContext({ baseURL: url, timeout: ANSWERED_WITHIN });
  try {
    const demo = await browser.post('/sign-in', { form: { demo: 'admin' }, maxRedirects: 0 });
    if (demo.status() !== 303) await makeFirstAdmin(browser, url);
    return await browser.storageState();
  } finally {
    await browser.dispose();
  }
}

async function makeFirstAdmin(browser: APIRequestContext, url: string): Promise<void> {
  await expect.poll(() => linkForFirstAdmin(url), { message: 'the link of the first start' }).toBeTruthy();
  const link = new URL(linkForFirstAdmin(url) ?? '', url).searchParams.get('link') ?? '';
  const made = await browser.post('/welcome', { form: { link, ...ADMIN }, maxRedirects: 0 });
  expect(made.status(), await made.text()).toBe(303);
}
