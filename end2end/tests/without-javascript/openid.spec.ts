import { SignInPage } from '../../pages/sign-in-page';
import { ProviderPages, test } from '../../support/provider';
import { expect } from '../../support/test';

test('somebody signs in at the provider without JavaScript', async ({ page, open }) => {
  const signIn = new SignInPage(page);
  await open('/releases');
  await signIn.provider('Northlight').click();
  await new ProviderPages(page).letIn('ana');
  await expect(page).toHaveURL('/releases');
  await expect(page.getByRole('heading', { level: 1, name: 'Releases' })).toBeVisible();
  // Covers that come after the session has ended would be refused.
  await page.waitForLoadState('networkidle');
  await signIn.signOut.click();
  await expect(page).toHaveURL('/signed-out');
  await signIn.signOutAt('Northlight').click();
  await new ProviderPages(page).signOut();
  await expect(page.getByText('You are back from Northlight.')).toBeVisible();
});
