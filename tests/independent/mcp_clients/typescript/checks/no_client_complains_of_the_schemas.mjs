// Clients compile the schemas of the tools that they list, and tell whoever runs them of what they do not know.

import assert from "node:assert/strict";

export default async function ({ connect }) {
  const complaints = [];
  console.warn = console.error = (...words) => complaints.push(words.join(" "));
  const client = await connect();
  await client.sdk.listTools();
  await client.call({ name: "query_artist_data", arguments: { limit: 1 } });
  assert.deepEqual([...new Set(complaints)], []);
}
