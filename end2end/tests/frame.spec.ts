import { Frame } from '../pages/frame';
import { expect, test } from '../support/test';

const ENTRIES = [
  ['Overview', '/'],
  ['Artists', '/artists'],
  ['Releases', '/releases'],
  ['Audio', '/audio'],
  ['Contracts', '/contracts'],
  ['Market', '/market'],
  ['Imports', '/imports'],
  ['Tasks', '/tasks'],
  ['Knowledge', '/knowledge'],
  ['Tools', '/tools'],
  ['Health', '/health'],
  ['Performance', '/performance'],
  ['Logs', '/logs'],
  ['People', '/admin/users'],
  ['Keys', '/admin/keys'],
  ['Policy', '/admin/policy'],
  ['Settings', '/admin/settings'],
  ['Audit log', '/admin/audit'],
] as const;

test.describe('The menu', () => {
  test('has every page, in the order in which they are named here', async ({ page, open }) => {
    await open('/');
    const names = ENTRIES.map(([name]) => name);
    await expect(new Frame(page).menu.getByRole('listitem').getByRole('link')).toHaveText(names);
  });

  for (const [name, path] of ENTRIES) {
    test(`leads to ${name}`, async ({ page, open }) => {
      const frame = new Frame(page);
      await open(path === '/' ? '/artists' : '/');
      await frame.entry(name).click();
      await expect(page).toHaveURL(path);
      await expect(frame.heading).toHaveText(name);
      await expect(frame.entry(name)).toHaveAttribute('aria-current', 'page');
    });
  }

  test('opens as a drawer on a small screen and closes after a choice', async ({ page, open }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open('/');
    const frame = new Frame(page);
    await page.getByLabel('Menu', { exact: true }).click();
    await frame.entry('Releases').click();
    await expect(frame.heading).toHaveText('Releases');
    await expect(page.locator('details.drawer[open]')).toHaveCount(0);
  });
});

test.describe('The bar', () => {
  for (const width of [1280, 800, 360]) {
    test(`says at ${width} pixels that the label is a sample`, async ({ page, open }) => {
      await page.setViewportSize({ width, height: 740 });
      await open('/contracts');
      const bar = page.getByRole('banner');
      await expect(bar.getByText(/sample label/).filter({ visible: true })).toBeInViewport();
      await expect(bar.getByRole('searchbox', { name: 'Find an artist' })).toBeVisible();
      expect(await new Frame(page).overflow()).toBeLessThanOrEqual(0);
    });
  }
});

test.describe('With the keyboard', () => {
  test('the first stop is a link to the content', async ({ page, open }) => {
    await open('/artists');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.locator('#main')).toBeFocused();
  });

  test('the focus follows to the heading of a new page', async ({ page, open }) => {
    await open('/');
    const frame = new Frame(page);
    await frame.entry('Artists').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Artists' })).toBeFocused();
  });

  test('an artist is found and opened without a mouse', async ({ page, open }) => {
    await open('/artists');
    await page.getByRole('searchbox', { name: 'Search by name' }).focus();
    await page.keyboard.type('lanterns');
    await expect(page.getByText('of 1 artists')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Harbour Lanterns' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Harbour Lanterns' })).toBeVisible();
  });
});

test.describe('The colours', () => {
  for (const [choice, theme] of [['Dark', 'dark'], ['Light', 'light']] as const) {
    test(`stay ${theme} over a reload, from the first byte on`, async ({ page, open }) => {
      await open('/artists');
      const frame = new Frame(page);
      await frame.colours(choice).click();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(frame.colours(choice)).toHaveAttribute('aria-pressed', 'true');

      const html = await (await page.request.get('/artists')).text();
      expect(html).toMatch(new RegExp(`<html[^>]*data-theme="${theme}"`));
      await page.reload();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    });
  }

  test('follow the system until somebody chooses', async ({ page, open }) => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    await open('/');
    const day = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).not.toBe(day);
  });
});
