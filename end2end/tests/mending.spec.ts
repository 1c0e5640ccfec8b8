import { AudioPage } from '../pages/audio-page';
import { DetailsPage } from '../pages/details-page';
import { ReleaseFilesPage } from '../pages/release-files-page';
import { ReleasePage } from '../pages/release-page';
import { musicFile } from '../support/music-file';
import { nameMaster, ownRelease, storedRelease } from '../support/own-release';
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

  test('and a master of two releases is replaced for one of them, unless somebody means both', async ({ page, open, request, complaints }) => {
    const [one, other] = [await ownRelease(request, 2), await ownRelease(request, 3)];
    const shared = 'masters/of-two-releases.wav';
    const put = await request.put(`/upload/audio?fileName=${shared}&overwrite=true`, { data: musicFile(31) });
    expect(put.status(), await put.text()).toBe(201);
    for (const { releaseId } of [one, other]) await nameMaster(request, releaseId, shared);

    await open(`/releases/${one.releaseId}/files`);
    const master = new ReleaseFilesPage(page).master(1);
    await expect(master.region.getByRole('link', { name: other.title })).toHaveAttribute('href', `/releases/${other.releaseId}`);
    await expect(master.region.getByRole('checkbox', { name: 'Replace it there, too' })).not.toBeChecked();
    await master.file.setInputFiles({ name: 'mended.wav', mimeType: 'audio/wav', buffer: musicFile(32) });
    await master.send.click();
    await expect(page).toHaveURL(`/releases/${one.releaseId}?checks=distributor#checks`);
    const named = async (releaseId: string) => (await storedRelease(request, releaseId)).tracks[0]?.audio;
    const own = `^artists/${one.artistId}/${one.releaseId}/${one.tracks[0]?.trackId}(-\\d+)?\\.wav$`;
    expect(await named(one.releaseId)).toMatch(new RegExp(own));
    expect(await named(other.releaseId)).toBe(shared);

    complaints.expectAnswer(409, '/upload/parts');
    const audio = new AudioPage(page);
    await open('/audio');
    await audio.folder.fill('masters');
    await audio.files.setInputFiles({ name: 'of-two-releases.wav', mimeType: 'audio/wav', buffer: musicFile(33) });
    await expect(audio.onTheirWay.getByRole('link', { name: other.title })).toBeVisible();
    await audio.act('Replace it there, too').click();
    await expect(audio.onTheirWay).toContainText('Stored, and being checked.');
  });

  test('and a large master shows how far it is, and is given up', async ({ page, open, request, complaints }) => {
    const { releaseId, version } = await ownRelease(request, 4);
    complaints.expect(/ERR_CONNECTION_RESET/);
    await page.route(/\/upload\/parts\/[^/]+\/2\?/, (route) => route.abort('connectionreset'));
    await open(`/releases/${releaseId}/files`);
    const master = new ReleaseFilesPage(page).master(2);
    await master.file.setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: musicFile(60) });
    await master.send.click();
    await expect(master.onItsWay).toContainText('The connection is lost.');
    await expect(master.onItsWay.getByRole('progressbar')).toHaveJSProperty('value', 79);
    await expect(master.send).toBeDisabled();
    const other = new ReleaseFilesPage(page).master(1);
    await expect(other.send).toBeDisabled();
    await expect(other.region).toContainText('Another file is on its way.');
    await master.onItsWay.getByRole('button', { name: 'Give up' }).click();
    await expect(master.onItsWay).toContainText('Given up.');
    await expect(master.send).toBeEnabled();
    await expect(other.send).toBeEnabled();
    expect((await storedRelease(request, releaseId)).version).toBe(version);
  });
});
