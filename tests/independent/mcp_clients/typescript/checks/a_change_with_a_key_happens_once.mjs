import assert from "node:assert/strict";

export default async function ({ connect, way }) {
  const client = await connect();
  const found = await client.call({ name: "query_release_data", arguments: { limit: 1 } });
  const { releaseId, version } = found.structuredContent.rows[0];
  const change = { releaseId, expectedVersion: version, updateData: { title: `Once, ${way}` } };
  const send = (changed) =>
    client.call({
      name: "update_release_data",
      arguments: changed,
      _meta: { "patchline/idempotencyKey": `typescript-${way}` },
    });

  const [first, again] = [await send(change), await send(change)];
  assert.ok(!first.isError && !again.isError, JSON.stringify([first.content, again.content]));
  assert.deepEqual(again.structuredContent, first.structuredContent);
  assert.equal(again._meta["patchline/replayed"], true);
  assert.ok(!("patchline/replayed" in first._meta));
  const other = await send({ ...change, expectedVersion: 99 });
  assert.equal(other.isError, true);
  assert.match(other.content[0].text, /other arguments/);
}
