import type { BrowserContext } from '@playwright/test';

/** The colours that a person may choose. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Chooses the colours as the switch of the page does. */
export async function chooseTheme(context: BrowserContext, theme: Theme, baseURL: string | undefined): Promise<void> {
  await context.addCookies([{ name: 'theme', value: theme, url: baseURL ?? '' }]);
}
