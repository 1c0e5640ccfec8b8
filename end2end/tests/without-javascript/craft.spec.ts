import { ArtistPage } from '../../pages/artist-page';
import { ListPage } from '../../pages/list-page';
import { expect, test } from '../../support/test';

test.describe('Without JavaScript', () => {
  test('an artist’s analysis is on the page, and who is alike by a link', async ({ page, open }) => {
    await open('/artists');
    await new ListPage(page, 'Artists').link('Harbour Lanterns').click();
    const artist = new ArtistPage(page);
    await expect(artist.whatChanged.getByRole('region', { name: 'Metrics of both periods' })).toBeVisible();
    await artist.similar.getByRole('link', { name: 'Find similar artists' }).click();
    await expect(artist.similar.getByRole('link', { name: 'Compare them' })).toBeVisible();
  });

  test('artists are found and put side by side', async ({ page, open }) => {
    await open('/artists/compare');
    await page.getByLabel('Find an artist to compare').fill('kessel');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: /^Add / }).first().click();
    await expect(page.getByRole('region', { name: 'Artists side by side' }).getByRole('rowheader')).toHaveCount(1);
    await page.getByRole('link', { name: 'With similar artists' }).click();
    await expect(page.getByRole('region', { name: 'Why these artists' })).toBeVisible();
  });

  test('a week is chosen in the report, and a territory on the market', async ({ page, open }) => {
    await open('/report');
    const weeks = page.getByLabel('Week from');
    await weeks.selectOption({ index: 2 });
    const week = await weeks.inputValue();
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(new RegExp(`week=${week}`));
    await open('/market');
    await page.getByRole('textbox', { name: 'Territory' }).fill('NO');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('region', { name: 'Genres, the fastest first' })).toContainText('Norway');
  });
});
