import { DetailsPage } from '../pages/details-page';
import { ListPage } from '../pages/list-page';
import { ReleasePage } from '../pages/release-page';
import { ToolsPage } from '../pages/tools-page';
import { fridayInDays } from '../support/dates';
import { expect, test } from '../support/test';

/** Artists; each test changes a release of its own. */
const [FIRST, SECOND, THIRD] = ['Papercut Choir', 'Greta Fennwald', 'Nieve Ocampo'];

test.describe('A label manager moves a release', () => {
  test('finds the artist, opens the release, changes its date and sees it', async ({ page, open }) => {
    const release = new ReleasePage(page);
    const details = new DetailsPage(page);

    await open('/artists');
    await new ListPage(page, 'Artists').link(FIRST).click();
    await expect(page.getByRole('heading', { level: 1, name: FIRST })).toBeVisible();
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(release.fact('Artist')).toHaveText(FIRST);
    await expect(page).toHaveURL(/\/releases\/rel_/);
    const address = new URL(page.url()).pathname;
    const title = await release.title.innerText();
    const date = fridayInDays(200);
    expect(await release.date()).not.toBe(date);
    await expect(release.fact('Version')).toContainText('1');

    await release.editDetails.click();
    await details.field('Release date').fill(date);
    await details.keep.click();
    await expect(page).toHaveURL(address);
    await expect(release.title).toHaveText(title);
    expect(await release.date()).toBe(date);
    await expect(release.fact('Version')).toContainText('2');
    await expect(release.fact('Version')).toContainText('changed by');
  });

  test('changes its date in the tools, and sees it on the page of the release', async ({ page, open }) => {
    const release = new ReleasePage(page);
    const tools = new ToolsPage(page);
    await open('/artists');
    await new ListPage(page, 'Artists').link(THIRD).click();
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(release.fact('Artist')).toHaveText(THIRD);
    await expect(page).toHaveURL(/\/releases\/rel_/);
    const address = new URL(page.url()).pathname;
    const releaseId = address.split('/').pop() ?? '';
    const before = await release.date();
    const date = fridayInDays(230);
    expect(before).not.toBe(date);

    const filled = { tool: 'update_release_data', arguments: JSON.stringify({ releaseId, expectedVersion: 1 }) };
    await open(`/tools?${new URLSearchParams(filled).toString()}`);
    await expect(tools.field('Release')).toHaveValue(releaseId);
    await tools.field('Release date').fill(date);
    await tools.runAndConfirm();
    await expect(tools.result).toContainText(date);

    await open(address);
    expect(await release.date()).toBe(date);
  });

  test('is told when somebody else was faster, and overwrites nothing unseen', async ({ page, open, complaints, request }) => {
    const details = new DetailsPage(page);
    const release = new ReleasePage(page);
    await open('/artists');
    await new ListPage(page, 'Artists').link(SECOND).click();
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(release.fact('Artist')).toHaveText(SECOND);
    await expect(page).toHaveURL(/\/releases\/rel_/);
    const address = new URL(page.url()).pathname;
    const releaseId = address.split('/').pop() ?? '';
    complaints.expectAnswer(409, `${address}/edit`);
    await release.editDetails.click();
    await expect(details.keep).toBeVisible();

    const faster = fridayInDays(150);
    const answer = await request.post('/api/tools/update_release_data', {
      data: { tableName: 'releases', releaseId, expectedVersion: 1, updateData: { releaseDate: faster } },
    });
    expect(answer.status()).toBe(200);

    const wanted = fridayInDays(220);
    await details.field('Release date').fill(wanted);
    await details.keep.click();
    await expect(details.failure).toContainText('Somebody else was faster');
    const day = new Date(faster);
    const shown = new RegExp(`^Stored now: ${day.getUTCDate()} \\w{3} ${day.getUTCFullYear()}$`);
    await expect(details.stored('releaseDate')).toHaveText(shown);
    await expect(details.field('Release date')).toHaveValue(wanted);

    // Having seen what is stored, they may decide.
    await details.keep.click();
    await expect(page).toHaveURL(address);
    expect(await release.date()).toBe(wanted);
  });
});
