import { ListPage } from '../pages/list-page';
import { ReleasePage } from '../pages/release-page';
import { expect, test } from '../support/test';

test.describe('The list of releases', () => {
  test('begins with the newest and goes on over pages', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    await expect(list.rows).toHaveCount(50);
    await expect(page.getByText('1–50 of 60 releases')).toBeVisible();
    const dates = await list.rows.locator('time').evaluateAll((times) => times.map((time) => time.getAttribute('datetime') ?? ''));
    expect(dates).toEqual([...dates].sort().reverse());

    await page.getByRole('link', { name: 'Next' }).click();
    await expect(list.rows).toHaveCount(10);
    await expect(page.getByText('51–60 of 60 releases')).toBeVisible();
    await page.getByRole('link', { name: 'Previous' }).click();
    await expect(list.rows).toHaveCount(50);
  });

  test('is searched by title', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    const title = (await list.names())[3] ?? '';
    await list.search.fill(title);
    await expect(list.rows).not.toHaveCount(50);
    await expect(list.row(title).first()).toBeVisible();
    for (const found of await list.names()) expect(found.toLowerCase()).toContain(title.toLowerCase());
  });

  test('is searched by artist and by UPC', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    const release = new ReleasePage(page);
    await open('/releases?search=papercut');
    await expect(list.rows).toHaveCount(3);
    const title = (await list.names())[0] ?? '';
    await list.link(title).click();
    await expect(release.title).toHaveText(title);
    const upc = await release.fact('UPC').locator('code').innerText();

    await open('/releases');
    await list.search.fill(upc);
    await expect(list.rows).toHaveCount(1);
    await expect.poll(() => list.names()).toEqual([title]);
  });

  test('is narrowed to a status', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    await page.getByLabel('Status').selectOption({ label: 'Withdrawn' });
    await expect(list.rows).toHaveCount(1);
    await expect.poll(() => list.column('Status')).toEqual(['Withdrawn']);
  });

  test('is ordered by title', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    await list.sortBy('Release');
    await expect(list.table.getByRole('columnheader', { name: 'Release', exact: true })).toHaveAttribute('aria-sort', 'ascending');
    await expect(page).toHaveURL(/sort=title/);
  });
});

test.describe('A release', () => {
  test('is shown with its dates, identifiers and tracks', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    const release = new ReleasePage(page);
    await open('/releases?search=velvet');
    const title = (await list.names())[0] ?? '';
    await list.link(title).click();
    await expect(release.title).toHaveText(title);
    await expect(release.fact('Artist')).toHaveText('Velvet Cartography');
    await expect(release.fact('UPC').locator('code')).toHaveText(/^\d{12,13}$/);
    expect(await release.date()).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    await expect(release.tracks.first()).toContainText(/[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5}/);
  });

  test('has a cover that is there', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    await open('/releases');
    await list.link(/./).click();
    const cover = page.getByRole('main').locator('img').first();
    await expect(cover).toBeVisible();
    await expect.poll(() => cover.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  });

  test('plays a master that was delivered, and says where one is missing', async ({ page, open }) => {
    const list = new ListPage(page, 'Releases');
    const release = new ReleasePage(page);
    await open('/releases?search=velvet&status=released');
    let found = 0;
    for (const title of await list.names()) {
      await open('/releases?search=velvet&status=released');
      await list.link(title).click();
      await expect(release.title).toHaveText(title);
      await expect(release.tracks.first()).toBeVisible();
      if ((await release.players.count()) === 0) continue;
      found += 1;
      const player = release.players.first();
      await player.evaluate((audio: HTMLAudioElement) => audio.load());
      await player.evaluate((audio: HTMLAudioElement) => audio.play());
      await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(16, 0);
      await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
      break;
    }
    expect(found, 'a released release of Velvet Cartography has a master').toBe(1);
  });
});
