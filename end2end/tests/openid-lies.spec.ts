import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { SignInPage } from '../pages/sign-in-page';
import { accessibilityProblems } from '../support/accessibility';
import { ProviderPages, test, withoutForeignFonts } from '../support/provider';
import { NOBODY } from '../support/sign-in';
import { expect } from '../support/test';

const CALLBACK = '/sign-in/openid/callback';
const HANDLE = 'patchline_openid';
const NOT_BEGUN_HERE = 'This sign-in was not begun in this browser';

/** Under which name the provider lies, how that is answered, and why. */
const LIES = [
  ['other-audience', 401, 'its token is for another application'],
  ['shared-audience', 401, 'its token is for another application'],
  ['other-issuer', 401, 'another issuer made it'],
  ['expired', 401, 'it has expired'],
  ['early', 401, 'it is not valid yet'],
  ['other-nonce', 401, 'its token is for another sign-in'],
  ['no-nonce', 401, 'its token is for another sign-in'],
  ['access-token', 401, 'its token is for something else'],
  ['unsigned', 401, 'it is not signed in a way that is allowed for its issuer'],
  ['public-key', 401, 'it is not signed in a way that is allowed for its issuer'],
  ['stranger', 401, 'its signature is wrong'],
  ['unknown-key', 401, 'it is signed with a key that its issuer does not have'],
  ['two-people', 401, 'it speaks of two people'],
  ['other-provider', 401, 'another provider answers than the one that was asked'],
  ['no-code', 401, 'it sends somebody back without saying who it is'],
  ['made-up-code', 403, 'Northlight refused the sign-in (invalid_grant)'],
  ['used-code', 403, 'Northlight refused the sign-in (invalid_grant)'],
  ['other-state', 403, NOT_BEGUN_HERE],
] as const;

/** The names of the cookies that a browser has of the server. */
async function cookies(context: BrowserContext): Promise<string[]> {
  const names = (await context.cookies()).map((cookie) => cookie.name);
  return names.filter((name) => name.replace('__Host-', '').startsWith('patchline'));
}

/** What the browser keeps until somebody is back from the provider. */
async function kept(context: BrowserContext): Promise<Awaited<ReturnType<BrowserContext['cookies']>>> {
  const found = (await context.cookies()).filter(({ name }) => name === HANDLE);
  expect(found).toHaveLength(1);
  return found;
}

/** Goes to the provider, and waits for its page. */
async function leave(page: Page): Promise<void> {
  await new SignInPage(page).provider('Northlight').click();
  await expect(page.getByPlaceholder('Enter any login')).toBeVisible();
}

/** Lets somebody in at the provider; answers with the address that leads back. */
async function letIn(page: Page, name: string): Promise<string> {
  const back = page.waitForRequest((request) => request.url().includes(`${CALLBACK}?`));
  await new ProviderPages(page).letIn(name);
  return (await back).url();
}

/** The page of sign-in with a reason; nobody is signed in. */
async function expectRefusal(page: Page, words: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(new SignInPage(page).refusal).toContainText(words);
  expect(await cookies(page.context())).toEqual([]);
}

/** The record of a request, once it is written. */
async function recordOf(request: APIRequestContext, id: string): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> | undefined;
  await expect(async () => {
    const log = await request.get('/export/audit?operation=sign_in&format=jsonl');
    expect(log.status()).toBe(200);
    const lines = (await log.text()).split('\n').filter((line) => line !== '');
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    found = records.find((record) => record['requestId'] === id);
    expect(found, `a record of ${id}`).toBeDefined();
  }).toPass();
  return found ?? {};
}

for (const [name, status, words] of LIES) {
  test(`the lie ${name} lets nobody in, is told, and is on record`, async ({ page, open, complaints, request, context }) => {
    complaints.expectAnswer(status, CALLBACK);
    await open('/sign-in');
    await leave(page);
    await letIn(page, name);
    await expectRefusal(page, words);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await page.content()).not.toMatch(/Mallory|Quill|@label\.example/);
    expect(await accessibilityProblems(page)).toEqual([]);
    const id = (await new SignInPage(page).request.textContent()) ?? '';
    const record = await recordOf(request, id);
    expect(record).toMatchObject({ operation: 'sign_in', principal: 'unknown', decision: 'denied', authenticated: 'none' });
    expect(JSON.stringify(record)).not.toMatch(/Mallory|Quill|@label\.example/);
    await open('/admin/users');
    await expect(page).toHaveURL('/sign-in?next=/admin/users');
    expect(await cookies(context)).toEqual([]);
  });
}

test('what the provider signs anew is believed where it is right', async ({ page, open }) => {
  await open('/sign-in');
  await leave(page);
  await letIn(page, 'signed-anew');
  await expect(page.locator('html')).toHaveAttribute('data-role', 'admin');
});

test('a way back that another browser began opens nothing here, and still opens it there', async ({ page, open, complaints, browser, server }) => {
  complaints.expectAnswer(403, CALLBACK);
  const elsewhere = await browser.newContext({ baseURL: server, storageState: NOBODY });
  const theirs = await elsewhere.newPage();
  await withoutForeignFonts(theirs);
  await theirs.goto('/sign-in');
  await leave(theirs);
  // Put away, so that the way back is not used up there.
  const handle = await kept(elsewhere);
  await elsewhere.clearCookies({ name: HANDLE });
  const address = await letIn(theirs, 'ben');
  await expectRefusal(theirs, NOT_BEGUN_HERE);

  await open('/sign-in');
  await page.goto(address);
  await expectRefusal(page, NOT_BEGUN_HERE);
  // Nor in the middle of a sign-in of one's own.
  await open('/sign-in');
  await leave(page);
  await page.goto(address);
  await expectRefusal(page, NOT_BEGUN_HERE);

  await elsewhere.addCookies(handle);
  await theirs.goto(address);
  await expect(theirs.locator('html')).toHaveAttribute('data-role', 'admin');
  await elsewhere.close();
});

test('a way back that was used opens nothing for whoever has seen all of it', async ({ page, open, complaints, context }) => {
  complaints.expectAnswer(403, CALLBACK);
  // Which the page that is left asks for now and again.
  complaints.expectAnswer(401, '/fn/overall-health');
  await open('/sign-in');
  await leave(page);
  const handle = await kept(context);
  const address = await letIn(page, 'ana');
  await expect(page.getByRole('banner')).toContainText('Ana Holm');
  await context.clearCookies();
  await context.addCookies(handle);
  await page.goto(address);
  await expectRefusal(page, NOT_BEGUN_HERE);
  expect(await page.content()).not.toContain('Ana Holm');
});
