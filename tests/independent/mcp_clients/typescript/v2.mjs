// The second generation (`@modelcontextprotocol/client`): it asks first, is pinned to the newer era, or begins
// in the older one, as it does where nobody says otherwise.

import { BEARER } from "./key.mjs";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

export async function connect(address, answer, mode) {
  const capabilities = answer ? { elicitation: {} } : {};
  const client = new Client({ name: "check", version: "1" }, { capabilities, versionNegotiation: { mode } });
  if (answer) client.setRequestHandler("elicitation/create", ({ params }) => answer(params));
  const transport = new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers: BEARER } });
  await client.connect(transport);
  return {
    isModern: client.getProtocolEra() === "modern",
    // Where a server says it in the words of the older era, this client translates it.
    codeOfMissing: -32602,
    revision: client.getNegotiatedProtocolVersion(),
    sdk: client,
    transport,
    call: (params, options) => client.callTool(params, options),
    hear: (method, told) => client.setNotificationHandler(method, ({ params }) => told(params)),
  };
}
