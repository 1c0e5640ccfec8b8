import type { Browser } from '@playwright/test';
import { AccountPage } from '../pages/account-page';
import { PeoplePage } from '../pages/people-page';
import { SignInPage } from '../pages/sign-in-page';
import { accessibilityProblems } from '../support/accessibility';
import { test } from '../support/own-server';
import { saidBy } from '../support/said';
import { NOBODY } from '../support/sign-in';
import { expect, test as demo } from '../support/test';

/** A browser of somebody else, in which nobody is signed in. */
async function anotherBrowser(browser: Browser, baseURL: string) {
  const context = await browser.newContext({ baseURL, storageState: NOBODY });
  return context.newPage();
}

test.describe('The page of people', () => {
  test('an invitation is a link that is copied, works once, and is not shown again', async ({ page, open, context, browser, baseURL }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Ben Holm', 'ben@label.example', 'manager');
    await expect(people.outcome).toContainText('Ben Holm is invited');
    await expect(people.outcome).toBeFocused();
    await expect(people.row('Ben Holm')).toContainText('Invited');
    expect(await accessibilityProblems(page)).toEqual([]);
    const said = await saidBy(people.outcome);
    await people.outcome.getByRole('button', { name: 'Copy the link' }).click();
    await expect.poll(said).toContain('Copied');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(await people.link.textContent());

    const other = await anotherBrowser(browser, baseURL ?? '');
    await other.goto(link);
    await expect(other.locator('html')).toHaveAttribute('data-hydrated');
    await other.getByLabel('Password').fill('a password of Ben');
    await other.getByRole('button', { name: 'Keep the password' }).click();
    await expect(other.getByRole('banner')).toContainText('Ben Holm');

    await open('/admin/users');
    await expect(people.link).toHaveCount(0);
    await expect(people.row('Ben Holm')).toContainText('Active');
    await other.context().close();
  });

  test('a role is changed and somebody disabled without a reload; what is refused keeps what was typed', async ({ page, open, complaints }) => {
    complaints.expectAnswer(409, '/fn/change-user');
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Eve', 'eve@label.example', 'artist');
    await expect(people.row('Eve')).toContainText('Invited');
    await people.row('Eve').getByRole('combobox', { name: 'Role of Eve' }).selectOption('producer');
    await people.button('Change the role of Eve').click();
    await expect(people.outcome).toContainText('Eve has another role');
    await expect(people.row('Eve').getByRole('combobox', { name: 'Role of Eve' })).toHaveValue('producer');
    await people.button('Disable Eve').click();
    await expect(people.row('Eve')).toContainText('Disabled');
    await expect(people.button('New link for Eve')).toHaveCount(0);
    await people.button('Enable Eve').click();
    await expect(people.outcome).toContainText('Eve may sign in again.');
    await expect(page).toHaveURL('/admin/users');

    await people.invite('Eve again', 'eve@label.example', 'artist');
    await expect(page.getByRole('alert')).toContainText('There is already an account');
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Eve again');
  });

  test('an admin sees where somebody is signed in and ends a single session', async ({ page, open, browser, baseURL }) => {
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Kim', 'kim@label.example', 'label');
    const link = (await people.link.textContent()) ?? '';
    const other = await anotherBrowser(browser, baseURL ?? '');
    await other.goto(link);
    await expect(other.locator('html')).toHaveAttribute('data-hydrated');
    await other.getByLabel('Password').fill('a password of Kim');
    await other.getByRole('button', { name: 'Keep the password' }).click();
    await expect(other.getByRole('banner')).toContainText('Kim');

    await open('/admin/users');
    await people.row('Kim').getByRole('link', { name: 'Sessions of Kim' }).click();
    await expect(page.getByRole('heading', { name: 'Where Kim is signed in' })).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'End the session of Kim' }).click();
    await expect(people.outcome).toContainText('That session of Kim has ended.');
    await expect(page.getByText('Nowhere at the moment.')).toBeVisible();
    await other.goto('/account');
    await expect(other).toHaveURL('/sign-in?next=/account');
    await other.context().close();
  });

  test('one’s own row leads to one’s account and cannot be taken away', async ({ page, open }) => {
    const people = new PeoplePage(page);
    await open('/admin/users');
    await expect(people.row('Ada').getByRole('button')).toHaveCount(0);
    await people.row('Ada').getByRole('link', { name: 'Your account' }).click();
    await expect(page).toHaveURL('/account');
  });
});

test.describe('The page of one’s own account', () => {
  test('a session is ended from another one, and a new password ends the rest', async ({ page, open, browser, baseURL }) => {
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Mia', 'mia@label.example', 'label');
    const link = (await people.link.textContent()) ?? '';

    const first = await anotherBrowser(browser, baseURL ?? '');
    await first.goto(link);
    await expect(first.locator('html')).toHaveAttribute('data-hydrated');
    await first.getByLabel('Password').fill('a password of Mia');
    await first.getByRole('button', { name: 'Keep the password' }).click();
    await expect(first.getByRole('banner')).toContainText('Mia');
    const second = await anotherBrowser(browser, baseURL ?? '');
    await second.goto('/sign-in?next=/account');
    await expect(second.locator('html')).toHaveAttribute('data-hydrated');
    await new SignInPage(second).fill('mia@label.example', 'a password of Mia');
    await expect(second).toHaveURL('/account');

    await expect(first.locator('html')).toHaveAttribute('data-hydrated');
    await first.getByRole('banner').getByRole('link', { name: 'Mia' }).click();
    const account = new AccountPage(first);
    await expect(first).toHaveURL('/account');
    await expect(account.sessions.filter({ hasText: 'This one' })).toHaveCount(1);
    await expect(account.ends).toHaveCount(1);
    expect(await accessibilityProblems(first)).toEqual([]);
    await account.ends.click();
    await expect(account.ends).toHaveCount(0);
    await expect(first.getByRole('status').filter({ hasText: 'That session has ended.' })).toBeVisible();
    await second.reload();
    await expect(second).toHaveURL('/sign-in?next=/account');

    await account.changePassword('not the password', 'another password of Mia');
    await expect(first.getByRole('alert')).toContainText('This is not the password that you have now.');
    await account.changePassword('a password of Mia', 'another password of Mia');
    await expect(first).toHaveURL('/account?done=password');
    await expect(account.activity.filter({ hasText: 'Changed the password' }).first()).toBeVisible();
    await account.doneBy('By my keys').click();
    await expect(first).toHaveURL('/account?by=keys#account-activity');
    await expect(account.activity.filter({ hasText: 'Changed the password' })).toHaveCount(0);
    await account.doneBy('By me').click();
    await expect(account.activity.filter({ hasText: 'Changed the password' }).first()).toBeVisible();
    await account.signOutEverywhere.click();
    await expect(first).toHaveURL('/sign-in');
    await first.context().close();
    await second.context().close();
  });
});

demo.describe('In the demo', () => {
  demo.use({ storageState: NOBODY });

  demo('whoever is no admin has an account and sees no people', async ({ page, open, complaints }) => {
    complaints.expectAnswer(403, '/');
    complaints.expectAnswer(403, '/admin/users');
    await open('/sign-in');
    await new SignInPage(page).demo('Producer').click();
    await expect(page.locator('html')).toHaveAttribute('data-role', 'producer');
    await open('/account');
    await expect(page.getByRole('main')).toContainText('This account has no password: you sign in another way.');
    await open('/admin/users');
    await expect(page.getByRole('main')).toContainText('This is not allowed');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
