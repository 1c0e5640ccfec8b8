// Writes the compressed forms of the site's files beside them: FILE.br and FILE.gz.
//
//   node scripts/compress.mjs FOLDER…
//
// The server hands these out as they are (src/web/site.rs). It takes the level at which they become smallest, which
// is far too slow for each request. Runs last in a build: whoever changes a file after it leaves old forms behind.
//
// The work is done by Node's threads, of which there are four unless UV_THREADPOOL_SIZE says how many.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const forms = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gz: (content) => promisify(gzip)(content, { level: 9 }),
};

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return paths.filter((path) => !/\.(br|gz)$/.test(path));
}

const paths = (await Promise.all(process.argv.slice(2).map(filesBelow))).flat();
const files = await Promise.all(paths.map(async (path) => ({ path, content: await readFile(path) })));
// The longest first, so that none of them is left for the end, when one thread works alone.
files.sort((one, other) => other.content.length - one.content.length);
const work = files.flatMap((file) => Object.keys(forms).map((form) => ({ ...file, form })));

const totals = { raw: files.reduce((sum, { content }) => sum + content.length, 0), br: 0, gz: 0 };
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const compressed = await forms[next.form](next.content);
      totals[next.form] += compressed.length;
      await writeFile(`${next.path}.${next.form}`, compressed);
    }
  }),
);
console.log(`compressed: ${files.length} files of ${totals.raw} bytes, ${totals.br} in brotli, ${totals.gz} in gzip`);
