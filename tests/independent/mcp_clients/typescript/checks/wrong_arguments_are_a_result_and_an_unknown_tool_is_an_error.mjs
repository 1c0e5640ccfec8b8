import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const result = await client.call({ name: "query_artist_data", arguments: { limit: 0 } });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /limit/);
  await assert.rejects(
    client.call({ name: "query_artists_data", arguments: {} }),
    { code: -32602, message: /query_artist_data/ },
  );
}
