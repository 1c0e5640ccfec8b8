import { ListPage } from '../pages/list-page';
import { expect, test } from '../support/test';

test.describe('The list of artists', () => {
  test('shows every artist of the label by name', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await expect(list.rows).toHaveCount(24);
    await expect(page.getByText('1–24 of 24 artists')).toBeVisible();
    await expect(list.head('Artist')).toHaveAttribute('aria-sort', 'ascending');
  });

  test('finds a name while it is typed, whatever the accents', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await list.search.pressSequentially('asta');
    await expect(list.rows).toHaveCount(1);
    await expect(list.link('Ásta Lind')).toBeVisible();
    await expect(page).toHaveURL(/search=asta/);
  });

  test('finds names in other scripts', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await list.search.fill('白波');
    await expect(list.rows).toHaveCount(1);
    await expect(list.link('白波通り')).toBeVisible();
  });

  test('says so when nobody has that name, and leads back to all', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await list.search.fill('nobody of this name');
    await expect(page.getByRole('heading', { name: 'No artists match “nobody of this name”' })).toBeVisible();
    await page.getByRole('link', { name: 'Show all artists' }).click();
    await expect(list.rows).toHaveCount(24);
    await expect(list.search).toHaveValue('');
  });

  test('is ordered by streams, biggest first, and the other way round', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await expect(list.rows).toHaveCount(24);
    const byName = await list.names();
    const exact = async () => {
      const titles = await list.rows.locator('td.number[title]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
      return titles.map((title) => Number(title.replace(/\D/g, '')));
    };
    const falling = (await exact()).sort((a, b) => b - a);
    expect(falling).not.toEqual([]);

    await list.sortBy('Streams');
    await expect(list.head('Streams')).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(exact).toEqual(falling);
    expect(await list.names()).not.toEqual(byName);

    await list.sortBy('Streams');
    await expect(list.head('Streams')).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(exact).toEqual([...falling].reverse());
  });

  test('is narrowed to a genre, and the address remembers it', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await page.getByLabel('Genre').selectOption('jazz');
    await expect(list.rows).toHaveCount(2);
    await expect.poll(() => list.column('Genre')).toEqual(['jazz', 'jazz']);

    await page.reload();
    await expect(list.rows).toHaveCount(2);
    await expect(page.getByLabel('Genre')).toHaveValue('jazz');
  });

  test('keeps search and order when the viewer comes back from an artist', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists?search=a&sort=streams&order=descending');
    const before = await list.names();
    await list.link(before[0] ?? '').click();
    await expect(page.getByRole('heading', { level: 1, name: before[0] ?? '' })).toBeVisible();
    await page.goBack();
    await expect(list.rows).toHaveCount(before.length);
    await expect.poll(() => list.names()).toEqual(before);
    await expect(list.search).toHaveValue('a');
  });

  test('is also reached by the search in the bar', async ({ page, open }) => {
    await open('/releases');
    const search = page.getByRole('searchbox', { name: 'Find an artist' });
    await search.fill('kessel');
    await search.press('Enter');
    await expect(page.getByRole('main').getByRole('link', { name: 'Édouard Kessel' })).toBeVisible();
  });
});

test.describe('An artist', () => {
  test('is shown with figures, releases and where they come from', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await list.link('Harbour Lanterns').click();
    await expect(page).toHaveURL(/\/artists\/art_/);
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1, name: 'Harbour Lanterns' })).toBeVisible();
    await expect(main.getByRole('term').filter({ hasText: 'Followers' })).toBeVisible();
    await expect(main.getByRole('region', { name: 'Platforms' })).toContainText('Spotify');
    await expect(main.getByRole('region', { name: 'Releases' }).getByRole('link').first()).toBeVisible();
    await expect(main.getByText('What happened')).toBeVisible();
    await expect(main.getByText('Playlist', { exact: true }).first()).toBeVisible();
  });

  test('is told apart from another one of the same name', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists?search=mira');
    await expect(list.rows).toHaveCount(2);
    await list.rows.filter({ hasText: 'folk singer, Bergen' }).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Mira' })).toBeVisible();
    await expect(page).toHaveURL(/\/artists\/art_/);
    const folk = page.url();

    const warning = page.getByRole('region', { name: 'Same name' });
    await expect(warning).toContainText('There are two artists named Mira.');
    await warning.getByRole('link', { name: /electronic producer, Recife/ }).click();
    await expect(page).not.toHaveURL(folk);
    await expect(page.getByRole('region', { name: 'Same name' })).toContainText('folk singer, Bergen');
  });

  test('who has just signed has no change against a time before', async ({ page, open }) => {
    const list = new ListPage(page, 'Artists');
    await open('/artists');
    await list.link('여린달').click();
    await expect(page.getByRole('heading', { level: 1, name: '여린달' })).toBeVisible();
    const tile = page.getByRole('main').locator('dl > div').filter({ hasText: 'Streams, 28 days' });
    await expect(tile).not.toContainText('%');
  });

  test('that is not there is answered with 404 and a way on', async ({ page, open, complaints }) => {
    complaints.expectAnswer(404, '/artists/art_nobody');
    const response = await open('/artists/art_nobody');
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeVisible();
  });
});
