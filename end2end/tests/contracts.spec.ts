import { ContractPage } from '../pages/contract-page';
import { ListPage } from '../pages/list-page';
import { expect, test } from '../support/test';

test.describe('Contracts', () => {
  test('are found by their artist’s folder and opened with their text', async ({ page, open }) => {
    const list = new ListPage(page, 'Contracts');
    await open('/contracts');
    const marks = page.getByRole('main').getByText('Sample data', { exact: true });
    await expect(marks).toBeVisible();
    await list.search.fill('distribution');
    await expect(list.rows).toHaveCount(1);
    await list.link(/distribution/).click();
    await expect(new ContractPage(page).text).toContainText('keeps 18.00 % of receipts');
    await expect(marks).toBeVisible();
  });

  test('tell their notice date once somebody has entered what they say', async ({ page, open }) => {
    const contract = new ContractPage(page);
    await open(await new ListPage(page, 'Contracts').addressOf(/licence/));
    await contract.enter.click();
    await contract.field('Territory').fill('Norway and Sweden');
    await contract.field('Last day').fill('2031-12-31');
    await contract.field('Days of notice before the last day').fill('30');
    await contract.keep.click();
    await expect(contract.fact('Territory')).toHaveText('Norway and Sweden');
    await expect(contract.fact('Notice until').locator('time').first()).toHaveAttribute('datetime', '2031-12-01');
  });
});
