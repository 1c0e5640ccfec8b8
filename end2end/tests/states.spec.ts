import { accessibilityProblems } from '../support/accessibility';
import { STARTED_WITHIN, type Server, startClosedServer, startEmptyServer, startServerWithoutAws } from '../support/server';
import { sessionThatCannotBeRead } from '../support/sign-in';
import { test as base, expect } from '../support/test';
import { THEMES, type Theme, chooseTheme } from '../support/themes';

/** Each path by day, and the first also by night: what is shown in its place is the same everywhere. */
function looks(paths: string[]): { path: string; theme: Theme }[] {
  return paths.flatMap((path, place) => (place === 0 ? THEMES : (['light'] as const)).map((theme) => ({ path, theme })));
}

/** Tests against another server than that of the others, which each worker starts once. */
function against(startServer: (worker: number) => Promise<Server>) {
  return base.extend<object, { ownServer: Server }>({
    ownServer: [
      async ({}, use, worker) => {
        const server = await startServer(worker.workerIndex);
        await use(server);
        await server.stop();
      },
      { scope: 'worker', timeout: STARTED_WITHIN },
    ],
    server: async ({ ownServer }, use) => use(ownServer.url),
  });
}

const withoutAws = against((worker) => startServerWithoutAws(`server-without-aws-${worker}`)).extend({
  storageState: async ({ server }, use) => use(sessionThatCannotBeRead(server)),
});

withoutAws.describe('While AWS cannot be reached', () => {
  for (const { path, theme } of looks(['/', '/artists', '/artists/art_1', '/releases', '/releases/rel_1', '/tools'])) {
    withoutAws(`${path} says so and what to do, ${theme}`, async ({ page, open, context, baseURL, complaints }) => {
      complaints.expectAnswer(503, path);
      await chooseTheme(context, theme, baseURL);
      const response = await open(path);
      expect(response?.status()).toBe(503);
      const main = page.getByRole('main');
      await expect(main).toContainText('Not available right now');
      await expect(main).toContainText('cannot be reached at the moment');
      await expect(main.getByRole('link', { name: 'Try again' }).first()).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});

// What a server says is read for its link: two workers must not write into one file.
const outsideHours = against((worker) => startClosedServer(`closed-server-${worker}`));

outsideHours.describe('Outside the allowed hours', () => {
  for (const { path, theme } of looks(['/', '/artists', '/artists/art_1', '/releases', '/releases/rel_1'])) {
    outsideHours(`${path} says so and what to do, ${theme}`, async ({ page, open, context, baseURL, complaints }) => {
      complaints.expectAnswer(403, path);
      await chooseTheme(context, theme, baseURL);
      const response = await open(path);
      expect(response?.status()).toBe(403);
      const main = page.getByRole('main');
      await expect(main).toContainText('This is not allowed');
      await expect(main).toContainText('Calls are not allowed at this time (');
      await expect(main).toContainText('Come back within the allowed hours, or ask an admin');
      await expect(main.getByText(/^Request req_/)).toBeVisible();
      await expect(main.getByRole('link', { name: 'Try again' })).toHaveCount(0);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});

const withoutAnything = against((worker) => startEmptyServer(`empty-server-${worker}`));

withoutAnything.describe('A label that has nothing yet', () => {
  for (const { path, theme } of looks(['/', '/artists', '/releases'])) {
    withoutAnything(`finds its way on ${path}, ${theme}`, async ({ page, open, context, baseURL }) => {
      await chooseTheme(context, theme, baseURL);
      const response = await open(path);
      expect(response?.status()).toBe(200);
      await expect(page.getByRole('main')).toContainText(/No .+ yet/);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});
