import { KeysPage } from '../../pages/keys-page';
import { expect, test } from '../../support/test';

test('without JavaScript a key is made, shown once and revoked', async ({ page, open }) => {
  const keys = new KeysPage(page);
  const name = 'Plain form';
  await open('/keys');
  await keys.name.fill(name);
  await keys.make.click();
  await expect(keys.made).toHaveText(/^pl_[0-9a-f]{12}_[0-9a-f]{72}$/);
  await open('/keys');
  await expect(keys.made).toHaveCount(0);
  await keys.revoke(name);
  await expect(keys.row(name)).toContainText('Revoked');
});
