import { startServer } from './server';

/** Starts one server with a fresh sample label for all tests, and says how to end it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await startServer();
  process.env['PATCHLINE_URL'] = server.url;
  return server.stop;
}
