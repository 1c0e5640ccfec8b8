import { ArtistPage } from '../pages/artist-page';
import { ListPage } from '../pages/list-page';
import { expect, test } from '../support/test';

test.describe('The craft', () => {
  test('an artist’s page says what changed, draws what may come and finds who is alike', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('Harbour Lanterns').click();
    const artist = new ArtistPage(page);
    await expect(artist.whatChanged.getByRole('region', { name: 'Metrics of both periods' })).toContainText('Streams');
    await expect(artist.forecast.locator('.large-chart svg')).toBeVisible();
    await artist.forecast.getByText('View as table').click();
    await expect(artist.forecast.getByRole('row')).toHaveCount(29);
    await expect(artist.similar.getByRole('link', { name: 'Compare them' })).toBeVisible();
    await artist.similar.getByRole('link', { name: 'Compare them' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Compare artists' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Artists side by side' }).getByRole('row')).not.toHaveCount(1);
    await expect(page.locator('.large-chart svg')).toBeVisible();
  });

  test('an artist’s page is whole on paper: sources, notes and the table of a chart are open', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('Harbour Lanterns').click();
    const artist = new ArtistPage(page);
    const folded = [
      artist.whatChanged.getByText(/^table analytics, artistId = /),
      artist.whatChanged.getByText(/pairs of like weekdays/),
      artist.forecast.getByRole('row').last(),
    ];
    await expect(artist.forecast.getByText('View as table')).toBeVisible();
    for (const part of folded) await expect(part).toBeHidden();
    await page.emulateMedia({ media: 'print' });
    for (const part of folded) await expect(part).toBeVisible();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  });

  test('the weekly report fits on one sheet of A4', async ({ page, open }) => {
    await open('/report');
    await expect(page.getByRole('region', { name: 'Most streams', exact: true }).getByRole('row')).toHaveCount(13);
    await expect(page.getByRole('region', { name: 'Coming out in four weeks', exact: true })).toBeVisible();
    const side = '12mm';
    const margin = { top: side, right: side, bottom: side, left: side };
    const sheets = (await page.pdf({ format: 'A4', margin })).toString('latin1');
    expect(sheets.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  });

  test('the pages of a release and of the market can be printed', async ({ page, open }) => {
    await open('/market');
    await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
    await open(await new ListPage(page, 'Releases').addressOf(/./));
    await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    await expect(page.getByRole('region', { name: 'Tracks', exact: true })).toBeVisible();
  });

  test('an artist with three weeks of figures is told to have not enough data', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('여린달').click();
    const artist = new ArtistPage(page);
    await expect(artist.whatChanged).toContainText('not enough data');
    await expect(artist.momentum).toContainText('Not enough data');
    await expect(artist.forecast).toContainText('Not enough data');
    await expect(artist.signs).toContainText('Not enough data');
  });

  test('the list of artists is narrowed by momentum, and the view is kept', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await page.getByLabel('Momentum').selectOption('Not enough data');
    await expect(page).toHaveURL(/momentum=notEnoughData/);
    await expect(list.link('여린달')).toBeVisible();
    await page.getByText('My views').click();
    await page.getByLabel('Keep this view as').fill('Newcomers');
    await page.getByRole('button', { name: 'Keep' }).click();
    await expect(page.getByRole('link', { name: 'Newcomers' })).toHaveAttribute('href', /momentum=notEnoughData/);
    await page.getByRole('button', { name: 'Delete “Newcomers”' }).click();
    await expect(page.getByRole('link', { name: 'Newcomers' })).toHaveCount(0);
  });

  test('the calendar goes from month to month', async ({ page, open }) => {
    await open('/releases/calendar?month=2026-12');
    await expect(page.getByRole('heading', { name: 'December 2026' })).toBeVisible();
    await page.getByRole('link', { name: 'Month after' }).click();
    await expect(page.getByRole('heading', { name: 'January 2027' })).toBeVisible();
    await expect(page).toHaveURL(/month=2027-01/);
  });
});
