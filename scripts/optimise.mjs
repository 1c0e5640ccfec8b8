// Makes the pieces of the browser side smaller and faster with Binaryen, as `wasm-opt -Oz` would, in place.
//
//   node scripts/optimise.mjs SITE/pkg
//
// cargo-leptos would start wasm-opt for each piece. That is a program of WebAssembly itself, which Node compiles while
// it runs: most of the time went into becoming fast. Here a thread for each processor does one piece after the other.
//
// The names stay, which are hashes of what cargo-leptos has made: the same piece always becomes the same.
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

// Below this there is nothing to gain, in bytes.
const SMALLEST = 4096;

// What -Oz stands for.
const OPTIMIZE_LEVEL = 2;
const SHRINK_LEVEL = 2;

if (isMainThread) await optimiseAll(process.argv[2]);
else await optimiseOnDemand();

async function optimiseAll(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wasm'));
  const sized = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })),
  );
  // The longest first, so that none of them is left for the end, when one thread works alone.
  const work = sized.filter(({ size }) => size >= SMALLEST).sort((one, other) => other.size - one.size);
  const totals = { pieces: work.length, before: 0, after: 0 };
  const threads = Array.from({ length: Math.min(availableParallelism(), work.length) }, () => optimiseInTurn(work, totals));
  await Promise.all(threads);
  console.log(`optimised: ${totals.pieces} pieces of ${totals.before} bytes, now ${totals.after}`);
}

// Hands one piece after the other to a thread of its own.
function optimiseInTurn(work, totals) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    const next = () => {
      const piece = work.shift();
      if (piece) worker.postMessage(piece.path);
      else worker.terminate().then(resolve, reject);
    };
    worker.on('message', ({ before, after }) => {
      totals.before += before;
      totals.after += after;
      next();
    });
    worker.on('error', reject);
    next();
  });
}

async function optimiseOnDemand() {
  const { default: binaryen } = await import('binaryen');
  binaryen.setOptimizeLevel(OPTIMIZE_LEVEL);
  binaryen.setShrinkLevel(SHRINK_LEVEL);
  parentPort.on('message', async (path) => {
    const content = await readFile(path);
    const module = binaryen.readBinary(content);
    module.optimize();
    const optimised = module.emitBinary();
    module.dispose();
    await writeFile(path, optimised);
    parentPort.postMessage({ before: content.length, after: optimised.length });
  });
}
