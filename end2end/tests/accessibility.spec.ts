import { accessibilityProblems } from '../support/accessibility';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';

const WINDOWS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };

for (const { name, address, status } of EVERY_PAGE) {
  test.describe(`Nothing stands in anybody's way: ${name}`, () => {
    for (const theme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(WINDOWS)) {
        test(`${theme}, ${size}`, async ({ page, open, context, baseURL, complaints }) => {
          if (status !== 200) complaints.expect(new RegExp(`${status}`));
          await context.addCookies([{ name: 'theme', value: theme, url: baseURL ?? '' }]);
          await page.setViewportSize(viewport);
          await open(await address(page));
          await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
          expect(await accessibilityProblems(page)).toEqual([]);
        });
      }
    }
  });
}
