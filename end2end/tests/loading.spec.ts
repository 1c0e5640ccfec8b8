import { Frame } from '../pages/frame';
import { ListPage } from '../pages/list-page';
import { holdAnswers } from '../support/hold';
import { expect, test } from '../support/test';

/** Each page with the page to come from, the server function it waits for, and what it is said to load. */
const PAGES = [
  { name: 'Overview', from: '/artists', asks: 'overview', what: 'the overview', brings: 'Streams, 28 days' },
  { name: 'Artists', from: '/', asks: 'artists', what: 'artists', brings: 'of 24 artists' },
  { name: 'Releases', from: '/', asks: 'releases', what: 'releases', brings: /of \d+ releases/ },
] as const;

test.describe('While its data are under way', () => {
  for (const { name, from, asks, what, brings } of PAGES) {
    test(`${name} says that it loads, in about the size that it will have`, async ({ page, open }) => {
      await open(from);
      const release = await holdAnswers(page, asks);
      await new Frame(page).entry(name).click();
      const main = page.getByRole('main');
      const loading = main.getByRole('status').filter({ hasText: `Loading ${what}` });
      await expect(loading).toHaveCSS('opacity', '1');
      const height = (await loading.boundingBox())?.height ?? 0;
      expect(height, 'most of a screen is taken by what stands in for the content').toBeGreaterThan(400);
      await expect(main.getByText(brings).first()).toHaveCount(0);

      release();
      await expect(main.getByText(brings).first()).toBeVisible();
      await expect(loading).toHaveCount(0);
    });
  }

  test('a list that is searched keeps its rows until the new ones are there', async ({ page, open }) => {
    await open('/artists');
    const list = new ListPage(page, 'Artists');
    const rows = await list.rows.count();
    expect(rows).toBeGreaterThan(1);
    const release = await holdAnswers(page, 'artists');
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/fn/artists');
    await list.search.fill('lanterns');
    await asked;
    await expect(list.rows).toHaveCount(rows);
    await expect(page.getByRole('main').getByText('Loading artists')).toHaveCount(0);

    release();
    await expect(page.getByText('of 1 artists')).toBeVisible();
    await expect(list.rows).toHaveCount(1);
  });
});
