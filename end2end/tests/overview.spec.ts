import { expect, test } from '../support/test';

test.describe('The overview', () => {
  test('shows the label and says that it is sample data', async ({ page, open }) => {
    await open('/');
    await expect(page).toHaveTitle(/Patchline/);
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await expect(page.getByText('Sample data').first()).toBeVisible();
    await expect(page.getByRole('main').getByText('Streams, 28 days')).toBeVisible();
  });

  test('says how old the figures are and where they come from', async ({ page, open }) => {
    await open('/');
    const main = page.getByRole('main');
    await expect(main.getByText(/Figures up to/)).toBeVisible();
    await main.getByText('Source', { exact: true }).click();
    await expect(main.locator('details.source[open]')).toContainText('analytics');
  });

  test('counts the artists that the list of artists has', async ({ page, open }) => {
    await open('/');
    const tile = page.getByRole('main').locator('dl > div').filter({ has: page.getByText('Artists', { exact: true }) });
    await expect(tile).toContainText('24');
    await tile.getByRole('link', { name: 'All artists' }).click();
    await expect(page.getByText('of 24 artists')).toBeVisible();
  });

  test('leads to artists that rise and to releases that come out', async ({ page, open }) => {
    await open('/');
    for (const [panel, path] of [['Rising', /\/artists\/art_/], ['Coming out', /\/releases\/rel_/]] as const) {
      await open('/');
      await page.getByRole('region', { name: panel }).getByRole('link').first().click();
      await expect(page).toHaveURL(path);
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
    }
  });
});
