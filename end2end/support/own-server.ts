import { STARTED_WITHIN, type Server, startEmptyServer } from './server';
import { test as base } from './test';

/** A test against a server without the demo, which a worker has for itself: its tests end sessions. */
export const test = base.extend<object, { ownServer: Server }>({
  ownServer: [
    async ({}, use, worker) => {
      // What it says is read for its link: two workers must not write into one file.
      const server = await startEmptyServer(`own-server-${worker.workerIndex}`);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: STARTED_WITHIN },
  ],
  server: async ({ ownServer }, use) => use(ownServer.url),
});
