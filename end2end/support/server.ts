import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long the start and the writing of the sample label may take, in milliseconds. */
const READY_WITHIN = 300_000;
const LOG = resolve(__dirname, '../results/server.log');

/** A running Patchline of these tests alone. */
export interface Server {
  url: string;
  stop: () => Promise<void>;
}

/** Starts the Patchline in `build/dev` over an empty data directory, and waits for the sample label. */
export async function startServer(): Promise<Server> {
  const address = `127.0.0.1:${await freePort()}`;
  const data = mkdtempSync(join(tmpdir(), 'patchline-end2end-'));
  mkdirSync(resolve(LOG, '..'), { recursive: true });
  const log = openSync(LOG, 'w');
  const child = spawn(resolve(__dirname, '../../scripts/start'), ['dev', 'serve'], {
    env: {
      ...withoutForeignSettings(process.env),
      PATCHLINE_ADDR: address,
      PATCHLINE_DATA_DIR: data,
      // Credentials in the person's home directory must not lead to a real account.
      MCP_MOCK_AWS_SERVICES: 'true',
      ENABLE_RDS: 'true',
      MCP_RATE_LIMIT: '100000',
      MCP_BURST_LIMIT: '10000',
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const stop = async () => {
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await ready(`http://${address}`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, stop };
}

/** Settings of the person's own shell would change what is tested. */
function withoutForeignSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = 
    /^(AWS_|PATCHLINE_|MCP_|ENABLE_|BEDROCK_|S3_|DYNAMODB_|CLOUDWATCH_|RDS_|MAX_CONCURRENT_OPERATIONS|LEPTOS_|RUST_LOG)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  let seen = 'no answer';
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended at its start:\n${readFileSync(LOG, 'utf8')}`);
    }
    const answer = await askWhetherReady(url);
    seen = JSON.stringify(answer);
    if (answer.status === 200 && answer.sampleLabel === 'ready') return;
    if (answer.sampleLabel === 'failed') break;
    await pause(100);
  }
  throw new Error(`the server did not become ready; last seen: ${seen}\n${readFileSync(LOG, 'utf8')}`);
}

/** What the server says of itself; no status while it does not listen yet. */
async function askWhetherReady(url: string): Promise<{ status?: number; sampleLabel?: string }> {
  let response: Response;
  try {
    response = await fetch(`${url}/readyz`);
  } catch {
    return {};
  }
  return { ...((await response.json()) as { sampleLabel?: string }), status: response.status };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const inTime = await Promise.race([ended.then(() => true), pause(15_000, false, { ref: false })]);
  if (!inTime) {
    child.kill('SIGKILL');
    await ended;
  }
}
