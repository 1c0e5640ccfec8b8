import assert from "node:assert/strict";
import { BEARER } from "../key.mjs";

export default async function ({ connect, address }) {
  const client = await connect();
  const session = client.transport.sessionId;
  if (client.isModern) {
    assert.equal(session, undefined);
    return;
  }
  const headers = {
    ...BEARER,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": client.revision,
    "mcp-session-id": session,
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const status = async () => {
    const answer = await fetch(address, { method: "POST", headers, body });
    await answer.body.cancel();
    return answer.status;
  };
  assert.equal(await status(), 200);
  await client.transport.terminateSession();
  assert.equal(await status(), 404);
}
