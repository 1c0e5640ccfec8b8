import { ListPage } from '../pages/list-page';
import { ReleasePage } from '../pages/release-page';
import { ToolsPage } from '../pages/tools-page';
import { fridayInDays } from '../support/dates';
import { expect, test } from '../support/test';

/** Artists with a release ahead; each test changes one of its own. */
const [FIRST, SECOND] = ['Papercut Choir', 'Greta Fennwald'];

test.describe('A label manager moves a release', () => {
  test('finds the artist, opens the release, changes its date and sees it', async ({ page, open }) => {
    const release = new ReleasePage(page);
    const tools = new ToolsPage(page);

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

    await release.changeInTools.click();
    await expect(tools.field('Release')).toHaveValue(address.split('/').pop() ?? '');
    await tools.field('Release date').fill(date);
    await tools.runAndConfirm();
    await expect(tools.result).toContainText(date);

    await open(address);
    await expect(release.title).toHaveText(title);
    expect(await release.date()).toBe(date);
    await expect(release.fact('Version')).toContainText('2');
    await expect(release.fact('Version')).toContainText('changed by');
  });

  test('is told when somebody else was faster, and nothing is overwritten', async ({ page, open, complaints, request }) => {
    complaints.expectAnswer(409, '/fn/run-tool');
    const tools = new ToolsPage(page);
    const release = new ReleasePage(page);
    await open('/artists');
    await new ListPage(page, 'Artists').link(SECOND).click();
    await page.getByRole('region', { name: 'Releases' }).getByRole('link').first().click();
    await expect(release.fact('Artist')).toHaveText(SECOND);
    await expect(page).toHaveURL(/\/releases\/rel_/);
    const address = new URL(page.url()).pathname;
    const releaseId = address.split('/').pop() ?? '';
    await release.changeInTools.click();
    await expect(tools.field('Release')).toHaveValue(releaseId);

    const faster = fridayInDays(150);
    const answer = await request.post('/api/tools/update_release_data', {
      data: { tableName: 'releases', releaseId, expectedVersion: 1, updateData: { releaseDate: faster } },
    });
    expect(answer.status()).toBe(200);

    await tools.field('Release date').fill(fridayInDays(220));
    await tools.runAndConfirm();
    await expect(page.getByText(/has been changed since you read it/).first()).toBeVisible();
    await open(address);
    expect(await release.date()).toBe(faster);
  });
});
