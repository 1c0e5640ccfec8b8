import { SignInPage } from '../../pages/sign-in-page';
import { NOBODY } from '../../support/sign-in';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test.use({ storageState: NOBODY });

  test('somebody signs in, is led to the page that they wanted, and signs out', async ({ page, open }) => {
    const signIn = new SignInPage(page);
    await open('/releases');
    await expect(page).toHaveURL('/sign-in?next=/releases');
    await signIn.demo('Admin').click();
    await expect(page).toHaveURL('/releases');
    await expect(page.getByRole('heading', { level: 1, name: 'Releases' })).toBeVisible();
    // Covers that come after the session has ended would be refused.
    await page.waitForLoadState('networkidle');
    await signIn.signOut.click();
    await expect(page).toHaveURL('/sign-in');
    await open('/releases');
    await expect(page).toHaveURL('/sign-in?next=/releases');
  });

  test('a wrong password is told on the page', async ({ page, open, complaints }) => {
    complaints.expectAnswer(401, '/sign-in');
    const signIn = new SignInPage(page);
    await open('/sign-in');
    await signIn.fill('nobody@label.example', 'not the password');
    await expect(signIn.refusal).toContainText('The e-mail address or the password is wrong.');
  });
});
