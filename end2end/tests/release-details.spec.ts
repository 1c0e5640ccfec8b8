import { DetailsPage } from '../pages/details-page';
import { ListPage } from '../pages/list-page';
import { ReleasePage } from '../pages/release-page';
import { expect, test } from '../support/test';

test.describe('The details of a track', () => {
  test('are mended where the check found something, with the keyboard', async ({ page, open, complaints }) => {
    const release = new ReleasePage(page);
    const details = new DetailsPage(page);
    await open(await new ListPage(page, 'Artists').addressOf('Velvet Cartography'));
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(page).toHaveURL(/\/releases\/rel_/);
    const address = new URL(page.url()).pathname;
    await release.editTrack(1).click();
    await details.field('Language of the vocals').fill('');
    await details.keep.click();
    // The form has a heading, too: only the address says that it is left.
    await expect(page).toHaveURL(address);
    complaints.expectAnswer(400, `${address}/edit`);

    await release.checkFor('Usual distributor');
    await release.mend('M01 Track 1: the language').click();
    const language = details.field('Language of the vocals');
    await expect(language).toBeFocused();
    await page.keyboard.type('jp');
    await page.keyboard.press('Enter');
    await expect(details.message('language')).toContainText('a code of ISO 639');
    await expect(language).toHaveValue('jp');

    await language.fill('ja');
    await language.press('Enter');
    await expect(page).toHaveURL(address);
    await expect(release.tracks.first()).toContainText('Language: ja');
  });
});
