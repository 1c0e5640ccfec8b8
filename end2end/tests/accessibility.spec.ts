import { accessibilityProblems } from '../support/accessibility';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';
import { THEMES, chooseTheme } from '../support/themes';

const WINDOWS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };

for (const { name, address, status } of EVERY_PAGE) {
  test.describe(`Nothing stands in anybody's way: ${name}`, () => {
    for (const theme of THEMES) {
      for (const [size, viewport] of Object.entries(WINDOWS)) {
        test(`${theme}, ${size}`, async ({ page, open, context, baseURL, complaints }) => {
          if (status !== 200) complaints.expect(new RegExp(`${status}`));
          await chooseTheme(context, theme, baseURL);
          await page.setViewportSize(viewport);
          await open(await address(page));
          await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
          expect(await accessibilityProblems(page)).toEqual([]);
        });
      }
    }
  });
}
