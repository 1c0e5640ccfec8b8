import { test } from '../../support/asking-server';
import { changeALimitInABrowserThatWasLeftOpen } from '../../support/left-open';

test('without JavaScript, too, a change waits until its person has confirmed', async ({ page, open, complaints }) => {
  await changeALimitInABrowserThatWasLeftOpen(page, open, complaints);
});
