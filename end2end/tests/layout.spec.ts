import { Frame } from '../pages/frame';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';

/** A desk, a tablet, a phone. */
const WIDTHS = [1280, 768, 360];

test.describe('Every page says what it is, and is no wider than the screen', () => {
  for (const { name, address, status } of EVERY_PAGE) {
    test(`${name}: status ${status}, one heading, a title, a language`, async ({ page, open, complaints }) => {
      const path = await address(page);
      if (status !== 200) complaints.expectAnswer(status, path);
      const response = await open(path);
      expect(response?.status()).toBe(status);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
      await expect(page).toHaveTitle(/.+ · Patchline$/);
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 740 });
        expect(await new Frame(page).overflow(), `wider than ${width} px by`).toBeLessThanOrEqual(0);
      }
    });
  }
});
