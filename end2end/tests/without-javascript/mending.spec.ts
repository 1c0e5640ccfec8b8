import { DetailsPage } from '../../pages/details-page';
import { ReleaseFilesPage } from '../../pages/release-files-page';
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

test('without JavaScript a file that is refused is told of once, at its field, in the words of the page', async ({ page, open, request, complaints }) => {
  // Nothing is stored, so that the test that has this release is not disturbed.
  const { releaseId } = await ownRelease(request, 4);
  const files = new ReleaseFilesPage(page);
  const main = page.getByRole('main');
  await page.setViewportSize({ width: 360, height: 740 });
  await open(`/releases/${releaseId}/files`);
  complaints.expectAnswer(400, `/releases/${releaseId}/files`);
  const cases = [
    { form: files.master(1), reason: 'Not stored: the content is not audio', place: /^Master of track 1:/, what: 'The new master was not stored.' },
    { form: files.cover, reason: 'Not stored: the content is not a PNG, JPEG or TIFF image.', place: /^Cover$/, what: 'The new cover was not stored.' },
  ];
  for (const { form, reason, place, what } of cases) {
    await form.file.setInputFiles({ name: 'night.wav', mimeType: 'audio/wav', buffer: Buffer.from('this is no sound at all') });
    await form.send.click();
    await expect(main.getByText(reason)).toHaveCount(1);
    await expect(form.region).toContainText(reason);
    await expect(form.file).toHaveAttribute('aria-invalid', 'true');
    await expect(main).not.toContainText(/argument/i);
    await expect(files.refused).toHaveCount(1);
    await expect(files.refused).toContainText(what);
    await files.refused.getByRole('link', { name: place }).click();
    await expect(page).toHaveURL(/#picked-/);
  }
});
