import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds against WCAG 2.0 to 2.2, levels A and AA: one line for each rule, with the places. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Between two pages there is none for a moment. One that never comes fails the test.
  await expect(page).toHaveTitle(/\S/);
  await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, {
      runOnly: rules,
      resultTypes: ['violations'],
    });
    // axe measures what can be seen of a target at this moment. What lies under the bar at the top of a scrolled
    // page is judged by its full size: it comes out from there as soon as it is reached.
    const bar = document.querySelector('.top-bar');
    const isLargeEnoughUnderTheBar = (selector: unknown): boolean => {
      const target = typeof selector === 'string' ? document.querySelector(selector) : null;
      if (!bar || !target || bar.contains(target)) return false;
      const { width, height, top } = target.getBoundingClientRect();
      return width >= 24 && height >= 24 && top < bar.getBoundingClientRect().bottom;
    };
    for (const violation of violations.filter(({ id }) => id === 'target-size'))
      violation.nodes = violation.nodes.filter(({ target }) => !isLargeEnoughUnderTheBar(target[0]));
    return violations.filter(({ nodes }) => nodes.length > 0).map(
      (violation) =>
        `${violation.id}: ${violation.help}: ${violation.nodes
          .map((node) => `${node.target.join(' ')} (${node.failureSummary ?? ''})`)
          .join('; ')}`,
    );
  }, RULES);
}
