import { Frame } from '../pages/frame';
import { EVERY_PAGE } from '../support/every-page';
import { expect, test } from '../support/test';

test.describe('No page is wider than the screen', () => {
  for (const { name, address, status } of EVERY_PAGE) {
    for (const width of [360, 768, 1280]) {
      test(`${name}, ${width} px`, async ({ page, open, complaints }) => {
        if (status !== 200) complaints.expect(new RegExp(`${status}`));
        await page.setViewportSize({ width, height: 740 });
        await open(await address(page));
        expect(await new Frame(page).overflow()).toBeLessThanOrEqual(0);
      });
    }
  }
});

test.describe('Every page says what it is', () => {
  for (const { name, address, status } of EVERY_PAGE) {
    test(`${name}: status ${status}, one heading, a title, a language`, async ({ page, open, complaints }) => {
      if (status !== 200) complaints.expect(new RegExp(`${status}`));
      const response = await open(await address(page));
      expect(response?.status()).toBe(status);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
      await expect(page).toHaveTitle(/.+ · Patchline$/);
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    });
  }
});
