import assert from "node:assert/strict";

export default async function ({ connect, way }) {
  const client = await connect();
  const isLegacy = way === "v1" || way === "v2-legacy";
  assert.equal(client.revision, isLegacy ? "2025-11-25" : "2026-07-28");
  assert.equal(client.sdk.getServerVersion().name, "patchline");
  assert.ok(client.sdk.getInstructions());

  const { tools } = await client.sdk.listTools();
  const names = tools.map((tool) => tool.name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes("query_artist_data"));
  for (const tool of tools) assert.ok(tool.outputSchema && tool.title && tool.description, tool.name);

  const result = await client.call({ name: "query_artist_data", arguments: { limit: 3 } });
  assert.ok(!result.isError);
  assert.equal(result.structuredContent.rows.length, 3);
  assert.match(result.content[0].text, /\| artistId \|/);
}
