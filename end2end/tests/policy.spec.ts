import { Frame } from '../pages/frame';
import { PeoplePage } from '../pages/people-page';
import { PolicyPage } from '../pages/policy-page';
import { accessibilityProblems } from '../support/accessibility';
import { test } from '../support/own-server';
import { expect } from '../support/test';

// The rules are those of the whole server: one test after the other.
test.describe.configure({ mode: 'serial' });

test.describe('The page of the policy', () => {
  test('a tool is denied by the form, vanishes from the list, and the change is taken back', async ({ page, open, request }) => {
    const policy = new PolicyPage(page);
    const listed = async () => (await (await request.get('/api/tools')).text()).includes('"list_contracts"');
    expect((await request.post('/api/tools/list_contracts', { data: {} })).status()).toBe(200);
    expect(await listed()).toBe(true);

    await open('/admin/policy?new=tools');
    expect(await accessibilityProblems(page)).toEqual([]);
    await policy.denyTool('no-contracts', 'list_contracts');
    await expect(policy.preview).toContainText('Added no-contracts');
    await expect(policy.preview).toContainText('These tools may not be used: list_contracts.');
    await expect(policy.preview).toContainText('forbid');
    await expect(policy.preview.getByRole('row').filter({ hasText: 'list_contracts' })).toContainText('Newly denied');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await listed(), 'looking changes nothing').toBe(true);

    await policy.saveBecause('Contracts stay here');
    await expect(policy.done).toContainText('The rule is saved.');
    await expect(policy.row('no-contracts')).toContainText('Admins');
    await expect(policy.changes).toContainText('Contracts stay here');
    expect(await listed()).toBe(false);
    expect((await request.post('/api/tools/list_contracts', { data: {} })).status()).toBe(403);

    await policy.changes.getByRole('button', { name: 'Put in place again: version 0' }).click();
    await expect(policy.preview).toContainText('Removed no-contracts');
    await policy.saveBecause('Too strict');
    await expect(policy.done).toContainText('The older rules are in place again.');
    expect(await listed()).toBe(true);
  });

  test('the menu leads to the page without the form that was open', async ({ page, open }) => {
    const policy = new PolicyPage(page);
    await open('/admin/policy?new=tools');
    await expect(policy.rule).toBeVisible();
    await new Frame(page).entry('Policy').click();
    await expect(page).toHaveURL(/\/admin\/policy$/);
    await expect(policy.rule).toHaveCount(0);
  });

  test('a form that is stale is refused, and what was typed is still there', async ({ page, open, context, complaints }) => {
    complaints.expectAnswer(409, '/admin/policy');
    const policy = new PolicyPage(page);
    await open('/admin/policy?new=files');
    await policy.name.fill('only-masters');
    await policy.rule.getByLabel('Names of files').fill('masters/*');

    const elsewhere = await context.newPage();
    await elsewhere.goto('/admin/policy?new=size');
    await expect(elsewhere.locator('html')).toHaveAttribute('data-hydrated');
    const other = new PolicyPage(elsewhere);
    await other.name.fill('small-files');
    await other.rule.getByLabel('At most').fill('500');
    await other.show.click();
    await other.saveBecause('The disk is small');
    await expect(other.done).toContainText('The rule is saved.');
    await elsewhere.close();

    await policy.show.click();
    await expect(policy.refusal).toContainText('meanwhile');
    await expect(policy.refusal).toContainText('The disk is small');
    await expect(policy.rule.getByLabel('Names of files')).toHaveValue('masters/*');
    await policy.show.click();
    await expect(policy.preview).toContainText('Added only-masters');
    await open('/admin/policy');
    await expect(policy.row('only-masters')).toHaveCount(0);
    await policy.row('small-files').getByRole('button', { name: 'Remove the rule small-files' }).click();
    await policy.save.click();
    await expect(policy.done).toContainText('The rule is removed.');
  });

  test('what is wrong is told at its field', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/admin/policy');
    const policy = new PolicyPage(page);
    await open('/admin/policy?new=networks');
    await policy.name.fill('home');
    await policy.rule.getByLabel('Networks').fill('10.0.0.0/40');
    await policy.show.click();
    await expect(policy.rule.getByLabel('Networks')).toHaveAttribute('aria-invalid', 'true');
    await expect(policy.rule.getByLabel('Networks')).toHaveValue('10.0.0.0/40');
    await expect(policy.rule.getByLabel('Networks')).toHaveAccessibleDescription(/10\.0\.0\.0\/40/);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('a rule is set with the keyboard alone', async ({ page, open }) => {
    const policy = new PolicyPage(page);
    await open('/admin/policy?new=tools');
    await policy.name.focus();
    await page.keyboard.type('tried-by-keyboard');
    await page.keyboard.press('Tab');
    await expect(policy.rule.getByRole('radio', { name: 'These tools may not be used' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(policy.rule.getByRole('radio', { name: 'Only these tools may be used' })).toBeChecked();
    await page.keyboard.press('ArrowUp');
    const first = policy.rule.getByRole('checkbox').first();
    await page.keyboard.press('Tab');
    await expect(first).toBeFocused();
    await page.keyboard.press('Space');
    await expect(first).toBeChecked();
    await policy.show.focus();
    await page.keyboard.press('Enter');
    await expect(policy.preview).toContainText('Added tried-by-keyboard');
    await policy.save.focus();
    await page.keyboard.press('Enter');
    await expect(policy.done).toContainText('The rule is saved.');
    await policy.row('tried-by-keyboard').getByRole('button', { name: /^Remove/ }).press('Enter');
    await policy.save.press('Enter');
    await expect(policy.done).toContainText('The rule is removed.');
  });
});

test.describe('The artists of a person', () => {
  test('are looked for, and nobody is chosen who was not found', async ({ page, open }) => {
    const people = new PeoplePage(page);
    await open('/admin/users');
    await people.invite('Ana', 'ana@label.example', 'artist');
    await page.getByRole('link', { name: 'Choose the artists of Ana' }).click();
    const artists = page.getByRole('region', { name: 'The artists of Ana' });
    await expect(artists).toContainText('None so far');
    await artists.getByLabel('Look for').fill('nobody-of-this-name');
    await artists.getByLabel('Look for').press('Enter');
    await expect(artists).toContainText('No other artist fits “nobody-of-this-name”.');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated');
    expect(await accessibilityProblems(page)).toEqual([]);
    await artists.getByRole('button', { name: 'Save the artists' }).click();
    await expect(people.outcome).toContainText('The artists of Ana are noted.');
  });
});
