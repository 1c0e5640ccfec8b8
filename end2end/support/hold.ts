import type { Page } from '@playwright/test';

/** Holds the answers to a server function back until the returned function is called. */
export function holdAnswers(page: Page, name: string): Promise<() => void> {
  return hold(page, (url) => url.pathname === `/fn/${name}`);
}

/** Keeps the page from becoming alive until the returned function is called. */
export function holdLife(page: Page): Promise<() => void> {
  return hold(page, (url) => url.pathname.endsWith('.wasm'));
}

async function hold(page: Page, isHeld: (url: URL) => boolean): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(isHeld, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
