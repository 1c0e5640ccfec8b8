import { DetailsPage } from '../../pages/details-page';
import { ReleasePage } from '../../pages/release-page';
import { expect, test } from '../../support/test';

test('without JavaScript tracks are put in another order, and a place that is taken is told', async ({ page, open, request, complaints }) => {
  const answer = await request.post('/api/tools/query_release_data', { data: {} });
  const { result } = (await answer.json()) as {
    result: { rows: { releaseId: string; tracks: { trackId: string; title: string }[] }[] };
  };
  const found = result.rows.findLast((release) => release.tracks.length > 2);
  const [first, second, third] = found?.tracks ?? [];
  if (!found || !first || !second || !third) throw new Error('no release has several tracks');
  const release = new ReleasePage(page);
  const details = new DetailsPage(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await open(`/releases/${found.releaseId}/edit`);
  complaints.expectAnswer(400, `/releases/${found.releaseId}/edit`);
  await details.place(first.trackId).fill('2');
  await details.place(third.trackId).fill('2');
  await details.keepOrder.click();
  await expect(details.message(`place-${third.trackId}`)).toBeVisible();
  await expect(details.place(first.trackId)).toHaveValue('2');
  await details.place(third.trackId).fill('3');
  await details.keepOrder.click();
  await expect(page).toHaveURL(`/releases/${found.releaseId}`);
  await expect(release.tracks.first()).toContainText(second.title);
});
