// Runs one check with one client: node check.mjs WAY ADDRESS CHECK
//
// CHECK is a file of this folder without its ending. A check gets `connect`, which opens a client the way that is
// asked for, and the address. What `connect` gives is the same for both generations: the client itself (`sdk`),
// and what they spell differently.

import { connect as connectV1 } from "./v1.mjs";
import { connect as connectV2 } from "./v2.mjs";

const WAYS = {
  v1: connectV1,
  "v2-legacy": (address, answer) => connectV2(address, answer, "legacy"),
  "v2-auto": (address, answer) => connectV2(address, answer, "auto"),
  "v2-2026-07-28": (address, answer) => connectV2(address, answer, { pin: "2026-07-28" }),
};

const [way, address, name] = process.argv.slice(2);
const { default: check } = await import(`./${name}.mjs`);
const opened = [];

/** A client at an address; with `answer`, it can ask its person. It is closed when the check is over. */
async function connect(to = address, answer) {
  const client = await WAYS[way](to, answer);
  opened.push(client);
  return client;
}

try {
  await check({ connect, way, address });
} finally {
  await Promise.all(opened.map(({ sdk }) => sdk.close()));
}
