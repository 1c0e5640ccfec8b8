import type { Page } from '@playwright/test';
import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds against WCAG 2.0 to 2.2, levels A and AA: one line for each rule, with the places. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, {
      runOnly: rules,
      resultTypes: ['violations'],
    });
    // WCAG asks for a target's size. axe measures only what a scrolled list shows of it, so that a whole target
    // fails where the list's edge happens to lie; what is cut off there is judged by its full size.
    const isLargeEnoughButCutOff = (selector: unknown): boolean => {
      const element = typeof selector === 'string' ? document.querySelector(selector) : null;
      let list = element?.parentElement ?? null;
      while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
      if (!element || !list) return false;
      const [inner, outer] = [element.getBoundingClientRect(), list.getBoundingClientRect()];
      return inner.width >= 24 && inner.height >= 24 && (inner.top < outer.top || inner.bottom > outer.bottom);
    };
    for (const violation of violations.filter(({ id }) => id === 'target-size'))
      violation.nodes = violation.nodes.filter(({ target }) => !isLargeEnoughButCutOff(target[0]));
    return violations.filter(({ nodes }) => nodes.length > 0).map(
      (violation) =>
        `${violation.id}: ${violation.help}: ${violation.nodes
          .map((node) => `${node.target.join(' ')} (${node.failureSummary ?? ''})`)
          .join('; ')}`,
    );
  }, RULES);
}
