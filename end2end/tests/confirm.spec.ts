import { test } from '../support/asking-server';
import { changeALimitInABrowserThatWasLeftOpen } from '../support/left-open';

test('in a browser that was left open a change waits until its person has confirmed', async ({ page, open, complaints }) => {
  await changeALimitInABrowserThatWasLeftOpen(page, open, complaints);
});
