import assert from "node:assert/strict";

export default async function ({ connect, address }) {
  const names = async ({ sdk }) => (await sdk.listTools()).tools.map((tool) => tool.name);

  const compact = await connect(`${address}?mode=compact`);
  assert.deepEqual(await names(compact), ["find_tools", "describe_tool", "call_tool"]);
  const call = { name: "query_artist_data", arguments: { limit: 2 } };
  const called = await compact.call({ name: "call_tool", arguments: call });
  assert.equal(called.structuredContent.rows.length, 2);

  const files = await names(await connect(`${address}/s3`));
  assert.ok(files.includes("list_audio_files") && !files.includes("query_artist_data"));
}
