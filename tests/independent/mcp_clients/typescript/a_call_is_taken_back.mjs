// A call that never ends is taken back as soon as whoever started this says so, in a line. What became of it is
// looked up by them; the client stays until they close its input.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

export default async function ({ connect }) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const client = await connect();
  const wanted = new AbortController();
  const call = client.call(
    { name: "query_artist_data", arguments: { artistId: "art_1" } },
    { signal: wanted.signal },
  );
  const refused = assert.rejects(call, { message: /no longer wanted/ });

  await lines.next();
  wanted.abort("no longer wanted");
  await refused;
  const other = await client.call({ name: "query_release_data", arguments: { releaseId: "rel_1" } });
  assert.equal(other.structuredContent.rows[0].title, "Nattlys");
  console.log("taken back");
  await lines.next();
}
