import { PolicyPage } from '../../pages/policy-page';
import { test } from '../../support/own-server';
import { expect } from '../../support/test';

test('without JavaScript a rule is looked at, saved and removed', async ({ page, open }) => {
  const policy = new PolicyPage(page);
  await open('/admin/policy');
  await page.getByRole('link', { name: 'Tools', exact: true }).last().click();
  await policy.denyTool('plain-form', 'store_contract');
  await expect(policy.preview).toContainText('Nothing is saved yet.');
  await policy.saveBecause('A test');
  await expect(policy.done).toContainText('The rule is saved.');
  await policy.row('plain-form').getByRole('link', { name: 'Change the rule plain-form' }).click();
  await expect(policy.rule.getByRole('checkbox', { name: 'store_contract', exact: true })).toBeChecked();
  await open('/admin/policy');
  await policy.row('plain-form').getByRole('button', { name: 'Remove the rule plain-form' }).click();
  await policy.save.click();
  await expect(policy.done).toContainText('The rule is removed.');
  await expect(policy.row('plain-form')).toHaveCount(0);
});
