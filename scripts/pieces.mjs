// Puts the small pieces of the browser side into one file, and leaves out those that hold nothing.
//
//   node scripts/pieces.mjs SITE/pkg
//
// cargo-leptos makes a piece of whatever the same pages share: more than a thousand files, a third of them without
// any code, most of a few hundred bytes, and a page waits for hundreds of them. Here the small ones become one file
// that a browser loads once and keeps; the loader takes each out of it where it would have fetched a file. Nothing
// else changes, and the names stay, which are the hashes of what cargo-leptos has made.
//
// Browsers keep the loader for a year under its name. So whoever changes what is written into it by this script alone
// also changes something of the browser side, or those who have an older loader miss the file that it names.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Below this a piece is not worth a request of its own, in bytes.
const SMALL = 8 * 1024;

// A piece as the loader fetches it, with the list of its pages before it, in which nobody reads.
const PIECE =
  /(?:\/\*[^*]*\*\/\n)?const (__chunk_\d+) = makeLoad\(\(\) => \{\n    const src = fetch\(new URL\("\.\/(chunk_[\w.-]+\.wasm)", import\.meta\.url\)\);\n    return async \(imports\) => \(WebAssembly\.instantiateStreaming\(src, imports\)\);\n\}\n, \[\]\);\n/g;

const folder = process.argv[2];
// In one order everywhere, so that the same pieces make the same file.
const files = readdirSync(folder).sort();
const loader = files.find((name) => /^__wasm_split\.[\w-]+\.js$/.test(name));
const manifest = files.find((name) => /^__wasm_split_manifest[\w.-]*\.json$/.test(name));
if (loader && manifest) pack();

function pack() {
  const script = readFileSync(join(folder, loader), 'utf8');
  if (script.includes('function piece(')) return;
  const pages = JSON.parse(readFileSync(join(folder, manifest), 'utf8'));
  const known = files.filter((name) => /^chunk_[\w.-]+\.wasm$/.test(name));
  const empty = new Set();
  const packed = [];
  const places = new Map();
  let length = 0;
  for (const file of known) {
    const content = readFileSync(join(folder, file));
    if (holdsNothing(content)) {
      empty.add(file);
    } else if (content.length < SMALL) {
      places.set(file, [length, content.length]);
      packed.push(content);
      length += content.length;
    }
  }
  const whole = Buffer.concat(packed);
  const pieces = `pieces.${createHash('sha256').update(whole).digest('base64url').slice(0, 22)}`;

  const left = new Set();
  let found = 0;
  const shorter = script.replace(PIECE, (all, name, file) => {
    found += 1;
    if (empty.has(file)) {
      left.add(name);
      return '';
    }
    const place = places.get(file);
    return place ? `const ${name} = makeLoad(piece(${place.join(', ')}), []);\n` : all.replace(/^\/\*[^*]*\*\/\n/, '');
  });
  if (found !== known.length) {
    throw new Error(`${loader} loads ${found} of the ${known.length} pieces in the form that is known here`);
  }
  const lists = shorter.replace(/\[(__chunk_\d+(?:, __chunk_\d+)*)\]/g, (_, names) => {
    return `[${names.split(', ').filter((name) => !left.has(name)).join(', ')}]`;
  });
  const lost = [...lists.matchAll(/\b__chunk_\d+\b/g)].find(([name]) => left.has(name));
  if (lost) throw new Error(`${loader} names ${lost[0]}, which holds nothing, in a form that is not known here`);
  const whoTakes = 'function makeLoad(';
  if (!lists.includes(whoTakes)) throw new Error(`${loader} makes what it loads in a form that is not known here`);
  write(loader, lists.replace(whoTakes, () => `${taking(pieces)}${whoTakes}`));
  write(`${pieces}.wasm`, whole);

  for (const [page, needed] of Object.entries(pages)) {
    const own = needed.filter((name) => !empty.has(`${name}.wasm`) && !places.has(`${name}.wasm`));
    const some = needed.some((name) => places.has(`${name}.wasm`));
    pages[page] = some ? [pieces, ...own] : own;
  }
  write(manifest, JSON.stringify(pages));
  for (const file of [...empty, ...places.keys()]) forget(file, ['', '.br', '.gz']);
  console.log(`pieces: ${empty.size} without code left out, ${places.size} put into one file of ${whole.length} bytes`);
}

// The part of the loader that takes a piece out of the file of all. What could not be loaded is asked for again.
function taking(pieces) {
  return `let pieces = undefined;
function piece(start, length) {
    return () => {
        if (pieces === undefined) {
            const asked = fetch(new URL("./${pieces}.wasm", import.meta.url)).then((answer) => {
                if (!answer.ok) throw new Error(\`\${answer.url}: \${answer.status}\`);
                return answer.arrayBuffer();
            });
            asked.catch(() => {
                if (pieces === asked) pieces = undefined;
            });
            pieces = asked;
        }
        const whole = pieces;
        return async (imports) => WebAssembly.instantiate(new Uint8Array(await whole, start, length), imports);
    };
}
`;
}

// Writes a file. What somebody's own build has compressed under its name is of what it held before.
function write(name, content) {
  writeFileSync(join(folder, name), content);
  forget(name, ['.br', '.gz']);
}

function forget(name, endings) {
  for (const ending of endings) rmSync(join(folder, `${name}${ending}`), { force: true });
}

// Whether a module does nothing when it is instantiated and offers nothing: no function, no element, no export, and
// no byte of data.
function holdsNothing(module) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const [CUSTOM, TYPE, IMPORT, FUNCTION, EXPORT, CODE, DATA, DATA_COUNT] = [0, 1, 2, 3, 7, 10, 11, 12];
  while (at < module.length) {
    const section = module[at++];
    const size = number();
    const end = at + size;
    if ([FUNCTION, EXPORT, CODE].includes(section)) {
      if (number() > 0) return false;
    } else if (section === DATA) {
      for (let segments = number(); segments > 0; segments--) {
        // In the first memory, from a constant on: i32.const …, end.
        if (number() !== 0 || module[at++] !== 0x41) return false;
        number();
        if (module[at++] !== 0x0b || number() > 0) return false;
      }
    } else if (![CUSTOM, TYPE, IMPORT, DATA_COUNT].includes(section)) {
      return false;
    }
    at = end;
  }
  return true;
}
