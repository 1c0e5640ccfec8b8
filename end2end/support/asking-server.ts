import { STARTED_WITHIN, type Server, startEmptyServer } from './server';
import { test as base } from './test';

/** For how long nobody is asked again who they are, in seconds: long enough for a form to be filled in. */
const CONFIRM_AFTER = '30';

/** A test against a server that soon asks once more who somebody is, which a worker has for itself. */
export const test = base.extend<object, { askingServer: Server }>({
  askingServer: [
    async ({}, use, worker) => {
      const settings = { PATCHLINE_CONFIRM_AFTER: CONFIRM_AFTER };
      const server = await startEmptyServer(`asking-server-${worker.workerIndex}`, settings);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: STARTED_WITHIN },
  ],
  server: async ({ askingServer }, use) => use(askingServer.url),
});
