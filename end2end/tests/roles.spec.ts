import { type APIRequestContext, type Page } from '@playwright/test';
import { SignInPage } from '../pages/sign-in-page';
import { NOBODY } from '../support/sign-in';
import { expect, test } from '../support/test';

const EVERYBODY = ['Artists', 'Releases', 'Audio', 'Tasks', 'Knowledge', 'Tools'];
const WITH_EVERYTHING = ['Artists', 'Releases', 'Audio', 'Contracts', 'Market', 'Imports', 'Tasks', 'Knowledge', 'Tools'];

/** The menu of those who may see what figures mean. */
const WITH_FIGURES = ['Artists', 'Releases', 'Audio', 'Market', 'Tasks', 'Knowledge', 'Tools'];

/** What each account of the demo finds: where it begins, its menu, and the artists that are its own. */
const ROLES = [
  { role: 'Artist', first: '/', menu: ['Overview', ...WITH_FIGURES], artists: 1 },
  { role: 'Producer', first: '/artists', menu: EVERYBODY, artists: 24 },
  { role: 'Manager', first: '/', menu: ['Overview', ...WITH_EVERYTHING], artists: 3 },
  { role: 'Label', first: '/', menu: ['Overview', ...WITH_EVERYTHING, 'Health', 'Performance'], artists: 24 },
];

async function signIn(page: Page, open: (path: string) => Promise<unknown>, role: string): Promise<void> {
  await open('/sign-in');
  await new SignInPage(page).demo(role).click();
  await expect(page.locator('html')).toHaveAttribute('data-role', role.toLowerCase());
}

/** The id of an artist of the sample label, as a program with a key finds it. */
async function idOf(request: APIRequestContext, name: string): Promise<string> {
  const answer = await request.post('/api/tools/query_artist_data', { data: { name } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { result } = (await answer.json()) as { result: { rows: { artistId: string }[] } };
  const [row] = result.rows;
  if (!row) throw new Error(`there is no artist ${name}`);
  return row.artistId;
}

test.describe('Each role', () => {
  test.use({ storageState: NOBODY });

  for (const { role, first, menu, artists } of ROLES) {
    test(`${role} begins at ${first} and finds its own menu and artists`, async ({ page, open }) => {
      await signIn(page, open, role);
      await expect(page).toHaveURL(first);
      await expect(page.locator('.rail .entries a')).toHaveText(menu);
      await open('/artists');
      await expect(page.getByRole('main').locator('tbody tr')).toHaveCount(artists);
      await expect(page.locator('.rail .entries a')).toHaveText(menu);
    });
  }

  test('an artist opens their own page, and is refused that of others with a way out', async ({ page, open, request, complaints }) => {
    const other = `/artists/${await idOf(request, 'Nōri')}`;
    complaints.expectAnswer(403, other);
    await signIn(page, open, 'Artist');
    await open('/artists');
    await page.getByRole('link', { name: 'Ásta Lind' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Ásta Lind' })).toBeVisible();
    await open(other);
    await expect(page.getByRole('heading', { level: 1, name: 'This is not allowed' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('Ask an admin for the permission.');
    await expect(page.getByRole('main')).not.toContainText('Nōri');
  });

  test('the tools are those of the role', async ({ page, open, context }) => {
    for (const [role, offered, hidden] of [
      ['Artist', 'Get an audio file', 'List contracts'],
      ['Producer', 'Upload an audio file', 'Scan daily figures'],
      ['Manager', 'List contracts', 'Store a contract'],
    ] as const) {
      // A page that is still there would ask for news, and be refused them.
      await page.goto('about:blank');
      await context.clearCookies();
      await signIn(page, open, role);
      await open('/tools');
      await expect(page.getByRole('main').getByRole('link', { name: offered }), role).toBeVisible();
      await expect(page.getByRole('main').getByRole('link', { name: hidden }), role).toHaveCount(0);
    }
  });

  test('a page that a role may not see says so and what to do', async ({ page, open, complaints }) => {
    complaints.expectAnswer(403, '/admin/policy');
    await signIn(page, open, 'Label');
    await open('/admin/policy');
    await expect(page.getByRole('main')).toContainText('This is not allowed');
    await expect(page.getByRole('main')).toContainText('Ask an admin for the permission.');
  });
});
