import { DetailsPage } from '../pages/details-page';
import { ReleaseFilesPage } from '../pages/release-files-page';
import { ReleasePage } from '../pages/release-page';
import { musicFile } from '../support/music-file';
import { ownRelease } from '../support/own-release';
import { expect, test } from '../support/test';

test.describe('What the check of a release finds', () => {
  test('is mended where it leads to: the order of the tracks, a master, the ISNI of the artist', async ({ page, open, request, complaints }) => {
    const { releaseId, artistId, tracks } = await ownRelease(request, 0);
    const last = tracks[tracks.length - 1] ?? { trackId: '', title: '' };
    const release = new ReleasePage(page);
    const details = new DetailsPage(page);
    await open(`/releases/${releaseId}/edit`);
    await details.place(last.trackId).fill('1');
    await details.place(last.trackId).press('Enter');
    await expect(page).toHaveURL(`/releases/${releaseId}`);
    await expect(release.tracks.first()).toContainText(last.title);

    await release.files.click();
    const files = new ReleaseFilesPage(page);
    const master = files.master(1);
    await master.file.setInputFiles({ name: 'again.wav', mimeType: 'audio/wav', buffer: musicFile(31) });
    await master.send.click();
    await expect(page).toHaveURL(`/releases/${releaseId}?checks=distributor#checks`);
    await expect(release.verdict('Usual distributor')).toHaveText(/Takes it|Will warn|Will refuse it/);

    await open(`/artists/${artistId}/edit`);
    const isni = details.field('ISNI');
    await isni.fill('0000 0001 2103 2684');
    complaints.expectAnswer(400, `/artists/${artistId}/edit`);
    await isni.press('Enter');
    await expect(details.message('isni')).toBeVisible();
    await expect(isni).toHaveValue('0000 0001 2103 2684');
  });
});
