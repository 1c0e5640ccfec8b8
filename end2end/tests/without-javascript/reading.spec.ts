import { ListPage } from '../../pages/list-page';
import { ReleasePage } from '../../pages/release-page';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('the overview shows its figures', async ({ page, open }) => {
    await open('/');
    await expect(page.getByRole('main').getByText('Streams, 28 days')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Coming out' }).getByRole('link').first()).toBeVisible();
  });

  test('artists are searched and narrowed', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await expect(list.rows).toHaveCount(24);
    await list.search.fill('mira');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(list.rows).toHaveCount(2);
    await page.getByLabel('Genre').selectOption('folk');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(list.rows).toHaveCount(1);
    await expect(list.search).toHaveValue('mira');
  });

  test('lists are ordered and paged', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    await list.sortBy('Artist');
    await expect(page).toHaveURL(/sort=artist/);
    await expect(list.rows).toHaveCount(50);
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(list.rows).toHaveCount(10);
    await expect(page).toHaveURL(/sort=artist/);
  });

  test('an artist and a release are opened', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('Harbour Lanterns').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Harbour Lanterns' })).toBeVisible();
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(new ReleasePage(page).fact('Artist')).toHaveText('Harbour Lanterns');
  });

  test('the menu opens on a small screen', async ({ page, open }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open('/');
    await page.getByLabel('Menu', { exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).filter({ visible: true }).getByRole('link', { name: 'Artists' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Artists' })).toBeVisible();
  });

  test('colours are chosen and kept', async ({ page, open }) => {
    await open('/artists?search=mira');
    await page.getByRole('group', { name: 'Colours' }).getByRole('button', { name: 'Dark' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(page).toHaveURL('/artists?search=mira');
    await open('/');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });

  test('no button is shown that could do nothing', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('Harbour Lanterns').click();
    await expect(page.getByRole('button', { name: /^Copy/ }).filter({ visible: true })).toHaveCount(0);
  });
});
