import { ImportsPage } from '../pages/imports-page';
import { accessibilityProblems } from '../support/accessibility';
import { expect, test } from '../support/test';

test('an export is brought, its artist chosen, imported and taken back', async ({ page, open }) => {
  const imports = new ImportsPage(page);
  await open('/imports');
  await imports.bring('timeline.csv', 'date,listeners,streams,followers\n2001-03-01,8,12,100\n2001-03-02,9,14,101\n');
  await expect(page).toHaveURL(/\/imports\/.+/);
  await imports.reaches('Checked', true);
  await expect(imports.questions).toContainText('Choose the artist');
  await imports.artist.selectOption({ index: 1 });
  await imports.checkAgain.click();
  await imports.reaches('Checked', true);
  await expect(imports.questions).toHaveCount(0);
  await imports.run.click();
  await imports.reaches('Imported', true);
  await expect(imports.progress).toContainText('2 entries added');
  expect(await accessibilityProblems(page)).toEqual([]);
  await imports.undoAll();
  await imports.reaches('Undone', true);
  await expect(imports.progress).toContainText('2 entries taken away again');
  await open('/imports');
  await expect(page.getByRole('link', { name: 'timeline.csv' }).first()).toBeVisible();
});
