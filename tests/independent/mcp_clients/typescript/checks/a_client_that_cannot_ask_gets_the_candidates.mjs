import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const result = await client.call({ name: "query_artist_data", arguments: { name: "mira" } });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /art_.*art_/s);
}
