import type { Page } from '@playwright/test';

/** Holds the answers to a server function back until the returned function is called. */
export async function holdAnswers(page: Page, name: string): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(
    (url) => url.pathname === `/fn/${name}`,
    async (route) => {
      await released;
      await route.continue();
    },
  );
  return release;
}
