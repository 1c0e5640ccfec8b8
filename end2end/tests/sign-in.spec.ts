import { SignInPage } from '../pages/sign-in-page';
import { accessibilityProblems } from '../support/accessibility';
import { test as own } from '../support/own-server';
import { ADMIN, NOBODY, sessionAt } from '../support/sign-in';
import { expect, test } from '../support/test';
import { THEMES, chooseTheme } from '../support/themes';

test.describe('Before sign-in', () => {
  test.use({ storageState: NOBODY });

  test('every address leads to the page of sign-in, and from there to where one wanted to go', async ({ page, open }) => {
    const signIn = new SignInPage(page);
    await open('/artists?search=mira');
    await expect(page).toHaveURL('/sign-in?next=/artists%3Fsearch%3Dmira');
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await signIn.demo('Admin').click();
    await expect(page).toHaveURL('/artists?search=mira');
    await expect(page.getByRole('banner')).toContainText('Demo admin');
  });

  for (const role of ['Artist', 'Producer', 'Manager', 'Label', 'Admin']) {
    test(`one click makes a visitor of the demo a ${role.toLowerCase()}`, async ({ page, open }) => {
      const signIn = new SignInPage(page);
      await open('/sign-in');
      await signIn.demo(role).click();
      await expect(page.locator('html')).toHaveAttribute('data-role', role.toLowerCase());
      // Producers see no figures, so they begin with the artists.
      await expect(page).toHaveURL(role === 'Producer' ? '/artists' : '/');
    });
  }

  test('a wrong password is told without telling what was wrong', async ({ page, open, complaints }) => {
    complaints.expectAnswer(401, '/sign-in');
    const signIn = new SignInPage(page);
    await open('/sign-in');
    await signIn.fill('nobody@label.example', 'not the password');
    await expect(signIn.refusal).toContainText('The e-mail address or the password is wrong.');
    await expect(signIn.email).toHaveValue('nobody@label.example');
    await expect(signIn.password).toHaveValue('');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  for (const theme of THEMES) {
    for (const width of [1280, 360]) {
      test(`nothing stands in anybody's way, ${theme}, ${width} px`, async ({ page, open, context, baseURL }) => {
        await chooseTheme(context, theme, baseURL);
        await page.setViewportSize({ width, height: 740 });
        for (const path of ['/sign-in', '/welcome?link=first-0', '/welcome?link=password-0']) {
          await open(path);
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
          await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
          await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          expect(await accessibilityProblems(page), path).toEqual([]);
        }
      });
    }
  }
});

test.describe('After sign-in', () => {
  test.use({ storageState: NOBODY });

  test('the button of sign-out ends the session', async ({ page, open, complaints }) => {
    // Which every page asks for now and again, also while it is left.
    complaints.expectAnswer(401, '/fn/overall-health');
    const signIn = new SignInPage(page);
    await open('/sign-in');
    await signIn.demo('Admin').click();
    await expect(page).toHaveURL('/');
    // What comes after the session has ended would be refused.
    await page.waitForLoadState();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    await signIn.signOut.click();
    await expect(page).toHaveURL('/sign-in');
    await open('/artists');
    await expect(page).toHaveURL('/sign-in?next=/artists');
  });

  test('a session that was ended elsewhere is told, and the way to sign-in is there', async ({ page, open, context, complaints }) => {
    complaints.expectAnswer(401, '/fn/artists');
    complaints.expectAnswer(401, '/fn/overall-health');
    await open('/sign-in');
    await new SignInPage(page).demo('Admin').click();
    await expect(page).toHaveURL('/');
    await expect(page.locator('html')).toHaveAttribute('data-role', 'admin');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    await page.waitForLoadState();
    await context.clearCookies({ name: /^patchline-/ });
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Artists' }).click();
    await expect(page.getByRole('main')).toContainText('Sign in to see this');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/sign-in');
  });
});

own('the first admin, made by the link of the first start, signs in with the password', async ({ page, open, context, server }) => {
  await sessionAt(server);
  await context.clearCookies();
  await open('/sign-in');
  await expect(page.getByRole('button', { name: /^Look around/ })).toHaveCount(0);
  const signIn = new SignInPage(page);
  await signIn.fill(ADMIN.email, ADMIN.password);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('banner')).toContainText('Ada');
});
