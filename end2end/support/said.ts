import type { Locator } from '@playwright/test';

/** Notes from now on all that an element says, also what it says for a moment only; answers with how to read it. */
export async function saidBy(element: Locator): Promise<() => Promise<string>> {
  const said = await element.evaluateHandle((node) => {
    const notes = { text: node.textContent ?? '' };
    const note = () => {
      notes.text += `\n${node.textContent ?? ''}`;
    };
    new MutationObserver(note).observe(node, { childList: true, characterData: true, subtree: true });
    return notes;
  });
  return async () => (await said.jsonValue()).text;
}
