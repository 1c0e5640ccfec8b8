import { test } from '../../support/asking-server';
import { changeALimitInABrowserThatWasLeftOpen } from '../../support/left-open';

test('without JavaScript, too, a change waits until its person has confirmed', async ({ page, open, complaints }) => {
  // It waits until the server asks, which it does after half a minute.
  test.setTimeout(360_000);
  await changeALimitInABrowserThatWasLeftOpen(page, open, complaints);
});
