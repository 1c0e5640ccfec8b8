import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long the start and the writing of the sample label may take, in milliseconds. */
const READY_WITHIN = 300_000;
/** How long a worker may take to start a server of its own, and what it needs beside it, in milliseconds. */
export const STARTED_WITHIN = READY_WITHIN + 20_000;
const LOGS = resolve(__dirname, '../results');

/** The key of programs in these tests. */
export const KEY = 'the-key-of-programs-in-browser-tests';

/** What the servers say that these tests have started in this process, by address. */
const LOG_FILES = new Map<string, string>();

/** The link of the first start, which makes the first admin; none where the demo has one. */
export function linkForFirstAdmin(url: string): string | undefined {
  const file = LOG_FILES.get(url);
  return file && /\/welcome\?link=\S+/.exec(readFileSync(file, 'utf8'))?.[0];
}

/** A running Patchline of these tests alone. */
export interface Server {
  url: string;
  stop: () => Promise<void>;
}

/**
 * Starts the Patchline in `build/dev` over an empty data directory, and waits for the sample label and until the
 * knowledge can be searched. What it says goes into a file of this name.
 */
export function startServer(name = 'server', settings: Record<string, string> = {}): Promise<Server> {
  return start(name, settings, async (url) => {
    const answer = await askWhetherReady(url);
    if (answer.sampleLabel === 'failed') throw new Error('the sample label could not be written');
    return answer.status === 200 && answer.sampleLabel === 'ready' && (await knowledgeIsRead(url));
  });
}

/** Starts one that has the shipped knowledge and no label, and waits until the knowledge can be searched. */
export function startServerWithKnowledge(name: string, settings: Record<string, string>): Promise<Server> {
  return start(name, { MCP_DEMO_MODE: 'false', ...settings }, async (url) => {
    return (await askWhetherReady(url)).status === 200 && (await knowledgeIsRead(url));
  });
}

/** Whether the shipped knowledge is found: while it is read, it is not available. */
async function knowledgeIsRead(url: string): Promise<boolean> {
  const found = await fetch(`${url}/api/tools/music_knowledge_search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ query: 'loudness of songs on Spotify', maxResults: 1 }),
  });
  if (!found.ok) return false;
  const { result } = (await found.json()) as { result: { results: unknown[] } };
  return result.results.length > 0;
}

/** Starts one without the sample label: a label that has nothing yet. */
export function startEmptyServer(name = 'empty-server', further: Record<string, string> = {}): Promise<Server> {
  const settings = { MCP_DEMO_MODE: 'false', ENABLE_BEDROCK: 'false', ...further };
  return start(name, settings, async (url) => (await askWhetherReady(url)).status === 200);
}

/** Starts one in which nobody may do anything now: it is open for a minute a week, three days away. */
export function startClosedServer(name: string): Promise<Server> {
  const day = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000).getUTCDay();
  const hours = `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day]} 00:00-00:01`;
  const settings = { MCP_DEMO_MODE: 'false', ENABLE_BEDROCK: 'false', MCP_TIME_RESTRICTIONS: hours };
  return start(name, settings, async (url) => (await askWhetherReady(url)).status === 200);
}

/** Starts one whose AWS account cannot be reached: nobody listens at its address, which no free port is. */
export function startServerWithoutAws(name: string): Promise<Server> {
  const settings = {
    MCP_MOCK_AWS_SERVICES: 'false',
    MCP_DEMO_MODE: 'false',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nobody',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return start(name, settings, async (url) => (await askWhetherReady(url)).status === 503);
}

async function start(
  name: string,
  settings: Record<string, string>,
  isReady: (url: string) => Promise<boolean>,
): Promise<Server> {
  const address = `127.0.0.1:${await freePort()}`;
  const data = mkdtempSync(join(tmpdir(), 'patchline-end2end-'));
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, `${name}.log`);
  const log = openSync(logFile, 'w');
  const child = spawn(resolve(__dirname, '../../scripts/start'), ['dev', 'serve'], {
    env: {
      ...withoutForeignSettings(process.env),
      PATCHLINE_ADDR: address,
      PATCHLINE_DATA_DIR: data,
      // Credentials in the person's home directory must not lead to a real account.
      MCP_MOCK_AWS_SERVICES: 'true',
      ENABLE_RDS: 'true',
      PATCHLINE_BOOTSTRAP_KEY: KEY,
      // A session outlives the tests of another file.
      MCP_SESSION_TIMEOUT: '28800000',
      // And is not asked again who it is.
      PATCHLINE_CONFIRM_AFTER: '28800',
      MCP_RATE_LIMIT: '100000',
      MCP_BURST_LIMIT: '10000',
      // The slower the machine, the more is under way at once.
      MAX_CONCURRENT_OPERATIONS: '100',
      ...settings,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  LOG_FILES.set(`http://${address}`, logFile);
  const stop = async () => {
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await ready(() => isReady(`http://${address}`), child, logFile);
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

async function ready(isReady: () => Promise<boolean>, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended at its start:\n${readFileSync(log, 'utf8')}`);
    }
    if (await isReady()) return;
    await pause(100);
  }
  throw new Error(`the server did not become ready:\n${readFileSync(log, 'utf8')}`);
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
