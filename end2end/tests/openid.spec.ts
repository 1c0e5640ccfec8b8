import { ConfirmPage } from '../pages/confirm-page';
import { SignInPage } from '../pages/sign-in-page';
import { accessibilityProblems } from '../support/accessibility';
import { ProviderPages, test } from '../support/provider';
import { expect } from '../support/test';

test('somebody signs in at the provider, is led to the page that they wanted, and signs out here and there', async ({ page, open, context, complaints }) => {
  // Which every page asks for now and again, also while it is left.
  complaints.expectAnswer(401, '/fn/overall-health');
  const signIn = new SignInPage(page);
  await open('/artists?search=mira');
  await expect(page).toHaveURL('/sign-in?next=/artists%3Fsearch%3Dmira');
  expect(await accessibilityProblems(page)).toEqual([]);
  await signIn.provider('Northlight').click();
  await new ProviderPages(page).letIn('ana');
  await expect(page).toHaveURL('/artists?search=mira');
  await expect(page.getByRole('banner')).toContainText('Ana Holm');
  await expect(page.locator('html')).toHaveAttribute('data-role', 'label');
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  expect(cookies.filter((name) => name.startsWith('patchline-'))).toHaveLength(1);
  expect(cookies).not.toContain('patchline_openid');
  await page.waitForLoadState();
  await expect(page.locator('html')).toHaveAttribute('data-hydrated');
  await signIn.signOut.click();
  await expect(page.getByRole('heading', { level: 1, name: 'You are signed out of Patchline' })).toBeVisible();
  await expect(page).toHaveURL('/signed-out');
  expect(await accessibilityProblems(page)).toEqual([]);
  await signIn.signOutAt('Northlight').click();
  await new ProviderPages(page).signOut();
  await expect(page.getByText('You are back from Northlight.')).toBeVisible();
  await open('/artists');
  await expect(page).toHaveURL('/sign-in?next=/artists');
  await signIn.provider('Northlight').click();
  await expect(page.getByPlaceholder('Enter any login'), 'the provider asks again who it is').toBeVisible();
});

test('a group of admins opens the pages of admins', async ({ page, open }) => {
  await open('/sign-in');
  await new SignInPage(page).provider('Northlight').click();
  await new ProviderPages(page).letIn('ben');
  await expect(page.locator('html')).toHaveAttribute('data-role', 'admin');
  await open('/admin/users');
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
});

test('whoever came by the provider signs in there anew to confirm that it is they', async ({ page, open }) => {
  await open('/sign-in');
  await new SignInPage(page).provider('Northlight').click();
  await new ProviderPages(page).letIn('ben');
  await open('/confirm?for=create_key&next=%2Fkeys');
  await expect(page.getByText('You were about to make an API key.')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await new ConfirmPage(page).provider('Northlight').click();
  await new ProviderPages(page).letIn('ben');
  await expect(page).toHaveURL('/keys');
  await expect(page.getByRole('banner')).toContainText('Ben');
});

test('whoever goes back at the provider is told so, and can begin again', async ({ page, open, complaints }) => {
  complaints.expectAnswer(403, '/sign-in/openid/callback');
  const signIn = new SignInPage(page);
  await open('/sign-in');
  await signIn.provider('Northlight').click();
  await new ProviderPages(page).goBack();
  await expect(signIn.refusal).toContainText('Northlight did not let you in, or you went back.');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated');
  expect(await accessibilityProblems(page)).toEqual([]);
  await signIn.provider('Northlight').click();
  await new ProviderPages(page).letIn('ana');
  await expect(page.getByRole('banner')).toContainText('Ana Holm');
});

for (const [name, words] of [
  ['nobody', 'you are in none of its groups that may use Patchline'],
  ['eve', 'does not say that you have an e-mail address which was verified'],
] as const) {
  test(`${name} is not let in, and is told why`, async ({ page, open, complaints }) => {
    complaints.expectAnswer(403, '/sign-in/openid/callback');
    const signIn = new SignInPage(page);
    await open('/sign-in');
    await signIn.provider('Northlight').click();
    await new ProviderPages(page).letIn(name);
    await expect(signIn.refusal).toContainText(words);
    await open('/artists');
    await expect(page).toHaveURL('/sign-in?next=/artists');
  });
}

test('the way back of a sign-in works once', async ({ page, open, complaints }) => {
  complaints.expectAnswer(403, '/sign-in/openid/callback');
  const signIn = new SignInPage(page);
  const back = page.waitForRequest((request) => request.url().includes('/sign-in/openid/callback?'));
  await open('/sign-in');
  await signIn.provider('Northlight').click();
  await new ProviderPages(page).letIn('ana');
  const address = (await back).url();
  await expect(page.getByRole('banner')).toContainText('Ana Holm');
  await page.goto(address);
  await expect(signIn.refusal).toContainText('This sign-in was not begun in this browser');
});
