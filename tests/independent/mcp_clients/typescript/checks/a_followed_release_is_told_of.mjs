import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const found = await client.call({ name: "query_release_data", arguments: { limit: 1 } });
  const { releaseId, version } = found.structuredContent.rows[0];
  const uri = `patchline://releases/${releaseId}`;

  const told = new Promise((resolve) => client.hear("notifications/resources/updated", resolve));
  if (client.isModern) {
    const followed = await client.sdk.listen({ resourceSubscriptions: [uri] });
    assert.deepEqual(followed.honoredFilter.resourceSubscriptions, [uri]);
  } else {
    await client.sdk.subscribeResource({ uri });
  }
  const change = { releaseId, expectedVersion: version, updateData: { title: "Told" } };
  const changed = await client.call({ name: "update_release_data", arguments: change });
  assert.ok(!changed.isError, JSON.stringify(changed.content));
  assert.equal((await told).uri, uri);
}
