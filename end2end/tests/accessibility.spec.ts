import { accessibilityProblems } from '../support/accessibility';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';
import { chooseTheme } from '../support/themes';

/** Both themes and both sizes; colours do not depend on the size, nor the order of things on the theme. */
const LOOKS = [
  { theme: 'light', size: 'wide', viewport: { width: 1280, height: 900 } },
  { theme: 'dark', size: 'narrow', viewport: { width: 360, height: 740 } },
] as const;

for (const { name, address, status } of EVERY_PAGE) {
  test.describe(`Nothing stands in anybody's way: ${name}`, () => {
    for (const { theme, size, viewport } of LOOKS) {
      test(`${theme}, ${size}`, async ({ page, open, context, baseURL, complaints }) => {
        const path = await address(page);
        if (status !== 200) complaints.expectAnswer(status, path);
        await chooseTheme(context, theme, baseURL);
        await page.setViewportSize(viewport);
        await open(path);
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        expect(await accessibilityProblems(page)).toEqual([]);
      });
    }
  });
}
