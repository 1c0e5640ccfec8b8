import { KeysPage } from '../pages/keys-page';
import { accessibilityProblems } from '../support/accessibility';
import { NOBODY } from '../support/sign-in';
import { expect, test } from '../support/test';

test('a key is made, shown once, used by a program, and revoked', async ({ page, open, playwright, server }) => {
  const keys = new KeysPage(page);
  const name = 'Browser test';
  await open('/keys');
  await keys.name.fill(name);
  await keys.make.click();
  const text = (await keys.made.textContent()) ?? '';
  expect(text).toMatch(/^pl_[0-9a-f]{12}_[0-9a-f]{72}$/);
  await expect(page.getByText(`${server}/mcp`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy the key' })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);

  const program = await playwright.request.newContext({
    baseURL: server,
    extraHTTPHeaders: { authorization: `Bearer ${text}` },
    storageState: NOBODY,
  });
  const listed = await program.get('/api/tools');
  expect(listed.status()).toBe(200);
  const tools = ((await listed.json()) as { tools: { annotations: { readOnlyHint: boolean } }[] }).tools;
  expect(tools.length).toBeGreaterThan(0);
  expect(tools.every((tool) => tool.annotations.readOnlyHint)).toBe(true);

  await open('/keys');
  await expect(keys.made).toHaveCount(0);
  await expect(keys.row(name)).toContainText('Works');
  await keys.revoke(name);
  await expect(page).toHaveURL('/keys');
  await expect(keys.row(name)).toContainText('Revoked');
  expect((await program.get('/api/tools')).status()).toBe(401);
  await program.dispose();
});

test('what is wrong in the form is told, and what was typed stays', async ({ page, open, complaints }) => {
  complaints.expectAnswer(400, '/keys');
  const keys = new KeysPage(page);
  await open('/keys');
  await keys.name.fill('From nowhere');
  await keys.addresses.fill('10.0.0.0/40');
  await keys.make.click();
  await expect(keys.refusal).toContainText('10.0.0.0/40');
  await expect(keys.name).toHaveValue('From nowhere');
  await expect(keys.addresses).toHaveAttribute('aria-invalid', 'true');
});

test('an admin sees the keys of everybody with the names of their owners', async ({ page, open }) => {
  const keys = new KeysPage(page);
  await open('/keys');
  await keys.name.fill('Seen by admins');
  await keys.scope('All tools').check();
  await keys.make.click();
  await expect(keys.made).toBeVisible();
  await open('/admin/keys');
  await expect(keys.row('Seen by admins')).toContainText('Demo admin');
  await keys.revoke('Seen by admins');
  await expect(page).toHaveURL('/admin/keys');
  await expect(keys.row('Seen by admins')).toContainText('Revoked');
});
