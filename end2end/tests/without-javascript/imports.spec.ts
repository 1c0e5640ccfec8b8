import { ImportsPage } from '../../pages/imports-page';
import { expect, test } from '../../support/test';

test('without JavaScript an export is brought, imported and taken back', async ({ page, open }) => {
  const imports = new ImportsPage(page);
  await open('/imports');
  await imports.bring('plain.csv', 'date,listeners,streams,followers\n2001-04-01,8,12,100\n2001-04-02,9,14,101\n');
  await expect(page).toHaveURL(/\/imports\/.+/);
  await imports.reaches('Checked', false);
  await expect(imports.questions).toContainText('Choose the artist');
  await imports.artist.selectOption({ index: 1 });
  await imports.checkAgain.click();
  await imports.reaches('Checked', false);
  await expect(imports.questions).toHaveCount(0);
  await imports.run.click();
  await imports.reaches('Imported', false);
  await expect(imports.progress).toContainText('2 entries added');
  await imports.undoAll();
  await imports.reaches('Undone', false);
  await expect(imports.progress).toContainText('2 entries taken away again');
});
