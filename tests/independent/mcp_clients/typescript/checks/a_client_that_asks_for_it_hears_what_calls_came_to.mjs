import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const told = new Promise((resolve) => client.hear("notifications/message", resolve));
  // The newer era asks in each call, the older once for the session.
  if (!client.isModern) await client.sdk.setLoggingLevel("info");
  const _meta = client.isModern ? { "io.modelcontextprotocol/logLevel": "info" } : undefined;
  const result = await client.call({ name: "query_artist_data", arguments: { limit: 1 }, _meta });

  const { level, logger, data } = await told;
  assert.deepEqual([level, logger, data.tool], ["info", "tools", "query_artist_data"]);
  assert.equal(data.requestId, result._meta["patchline/requestId"]);
}
