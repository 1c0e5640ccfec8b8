import { ListPage } from '../pages/list-page';
import { ReleasePage } from '../pages/release-page';
import { expect, test } from '../support/test';

test.describe('The check of a release before delivery', () => {
  test('says what a store would refuse, and keeps who has waived it', async ({ page, open }) => {
    const release = new ReleasePage(page);
    await open(await new ListPage(page, 'Releases').addressOf(/./));
    await release.checkFor('Apple Music');
    await expect(release.verdict('Apple Music')).toHaveText(/Takes it|Will warn|Will refuse it/);
    await page.emulateMedia({ media: 'print' });
    await expect(release.checks).toContainText('findings by the rules of Apple Music');
    await expect(page.getByRole('region', { name: 'Tracks' })).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
    const finding = release.findings.first();
    await finding.getByText('Waive', { exact: true }).click();
    await finding.getByRole('textbox').fill('Agreed with the store');
    await finding.getByRole('button', { name: 'Waive with this reason' }).click();
    await expect(release.findings.first()).toContainText('Agreed with the store');
    await release.findings.first().getByRole('button', { name: 'Take back' }).click();
    await expect(release.checks).not.toContainText('Agreed with the store');
  });
});
