// A client that is told nothing but an address, and finds out by itself where it gets a token for it:
// node with_token.mjs GENERATION ADDRESS ISSUER

import assert from "node:assert/strict";

const [generation, address, issuer] = process.argv.slice(2);

const GENERATIONS = {
  v1: async () => ({
    ...(await import("@modelcontextprotocol/sdk/client/index.js")),
    ...(await import("@modelcontextprotocol/sdk/client/streamableHttp.js")),
    ...(await import("@modelcontextprotocol/sdk/client/auth-extensions.js")),
  }),
  v2: () => import("@modelcontextprotocol/client"),
};

const { Client, StreamableHTTPClientTransport, ClientCredentialsProvider } = await GENERATIONS[generation]();

const authProvider = new ClientCredentialsProvider({
  clientId: "weekly-report",
  clientSecret: "secret-of-weekly-report",
  expectedIssuer: issuer,
  scope: "tools:read",
});
const client = new Client({ name: "check", version: "1" }, { capabilities: {} });
await client.connect(new StreamableHTTPClientTransport(new URL(address), { authProvider }));
try {
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === "list_audio_files"));
  assert.ok(tools.every((tool) => tool.annotations.readOnlyHint), "a token for reading");
  const result = await client.callTool({ name: "list_audio_files", arguments: {} });
  assert.ok(!result.isError, JSON.stringify(result));
} finally {
  await client.close();
}
