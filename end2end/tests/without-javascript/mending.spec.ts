import { DetailsPage } from '../../pages/details-page';
import { ReleasePage } from '../../pages/release-page';
import { ownRelease } from '../../support/own-release';
import { expect, test } from '../../support/test';

test('without JavaScript tracks are put in another order, and a place that is taken is told', async ({ page, open, request, complaints }) => {
  const { releaseId, tracks } = await ownRelease(request, 1);
  const [first, second, third] = tracks;
  if (!first || !second || !third) throw new Error('the release has fewer tracks');
  const release = new ReleasePage(page);
  const details = new DetailsPage(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await open(`/releases/${releaseId}/edit`);
  complaints.expectAnswer(400, `/releases/${releaseId}/edit`);
  await details.place(first.trackId).fill('2');
  await details.place(third.trackId).fill('2');
  await details.keepOrder.click();
  await expect(details.message(`place-${third.trackId}`)).toBeVisible();
  await expect(details.place(first.trackId)).toHaveValue('2');
  await details.place(third.trackId).fill('3');
  await details.keepOrder.click();
  await expect(page).toHaveURL(`/releases/${releaseId}`);
  await expect(release.tracks.first()).toContainText(second.title);
});
