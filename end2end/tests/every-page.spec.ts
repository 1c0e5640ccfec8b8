import { Frame } from '../pages/frame';
import { accessibilityProblems } from '../support/accessibility';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';
import { chooseTheme } from '../support/themes';

/** A desk, a tablet, a phone. */
const WIDTHS = [1280, 768, 360];

test.describe('Every page says what it is, fits the screen, and stands in nobody’s way', () => {
  for (const { name, address, status } of EVERY_PAGE) {
    test(`${name}: status ${status}`, async ({ page, open, context, baseURL, complaints }) => {
      const path = await address(page);
      if (status !== 200) complaints.expectAnswer(status, path);
      await chooseTheme(context, 'light', baseURL);
      const response = await open(path);
      expect(response?.status()).toBe(status);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
      await expect(page).toHaveTitle(/.+ · Patchline$/);
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
      expect(await accessibilityProblems(page)).toEqual([]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 740 });
        // Charts follow the size of the window a moment later.
        await expect.poll(() => new Frame(page).overflow(), `wider than ${width} px by`).toBeLessThanOrEqual(0);
      }
      // Colours do not depend on the size, nor the order of things on the theme: the phone is looked at in the dark.
      await chooseTheme(context, 'dark', baseURL);
      await open(path);
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});
