import { DetailsPage } from '../../pages/details-page';
import { ListPage } from '../../pages/list-page';
import { ReleasePage } from '../../pages/release-page';
import { expect, test } from '../../support/test';

test('without JavaScript the details of a release are refused with what was typed, and kept', async ({ page, open, complaints }) => {
  const release = new ReleasePage(page);
  const details = new DetailsPage(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await open('/artists');
  await new ListPage(page, 'Artists').link('Calle Marea').click();
  await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/releases\/rel_/);
  const address = new URL(page.url()).pathname;
  complaints.expectAnswer(400, `${address}/edit`);
  await release.editDetails.click();
  await details.field('GRid').fill('A1-2425G-ABC1234002-X');
  await details.keep.click();
  await expect(details.message('grid')).toBeVisible();
  await expect(details.field('GRid')).toHaveValue('A1-2425G-ABC1234002-X');
  await details.field('GRid').fill('A1-2425G-ABC1234002-M');
  await details.keep.click();
  await expect(page).toHaveURL(address);
  await expect(release.fact('GRid')).toContainText('A12425GABC1234002M');
});
