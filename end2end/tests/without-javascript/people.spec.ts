import { AccountPage } from '../../pages/account-page';
import { PeoplePage } from '../../pages/people-page';
import { SignInPage } from '../../pages/sign-in-page';
import { test } from '../../support/own-server';
import { expect } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('somebody is invited, changed and disabled by plain forms', async ({ page, open, complaints }) => {
    complaints.expectAnswer(409, '/admin/users');
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Ben', 'ben@label.example', 'artist');
    await expect(people.link).toContainText('/welcome?link=password-');
    await open('/admin/users');
    await expect(people.link).toHaveCount(0);
    await people.row('Ben').getByRole('combobox', { name: 'Role of Ben' }).selectOption('label');
    await people.button('Change the role of Ben').click();
    await expect(people.outcome).toContainText('Ben has another role');
    await people.button('Disable Ben').click();
    await expect(people.outcome).toContainText('Ben may not sign in any more.');
    await expect(people.row('Ben')).toContainText('Disabled');
    await people.invite('Ben again', 'ben@label.example', 'artist');
    await expect(page.getByRole('alert')).toContainText('There is already an account');
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ben again');
  });

  test('somebody chooses a password, changes it, and signs out everywhere', async ({ page, open, context, complaints }) => {
    complaints.expectAnswer(400, '/account');
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Mia', 'mia@label.example', 'label');
    const link = (await people.link.textContent()) ?? '';
    await context.clearCookies();
    await page.goto(link);
    await page.getByLabel('Password').fill('a password of Mia');
    await page.getByRole('button', { name: 'Keep the password' }).click();
    const account = new AccountPage(page);
    await open('/account');
    await account.changePassword('not the password', 'another password of Mia');
    await expect(page.getByRole('alert')).toContainText('This is not the password that you have now.');
    await account.changePassword('a password of Mia', 'another password of Mia');
    await expect(page).toHaveURL('/account?done=password');
    await account.signOutEverywhere.click();
    await expect(page).toHaveURL('/sign-in');
    await new SignInPage(page).fill('mia@label.example', 'another password of Mia');
    await expect(page).toHaveURL('/');
  });
});
