// The first generation (`@modelcontextprotocol/sdk`), which knows the older era only.

import { BEARER } from "./key.mjs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";

const NOTIFICATIONS = {
  "notifications/message": LoggingMessageNotificationSchema,
  "notifications/resources/updated": ResourceUpdatedNotificationSchema,
};

export async function connect(address, answer) {
  const client = new Client({ name: "check", version: "1" }, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params));
  const transport = new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers: BEARER } });
  await client.connect(transport);
  return {
    isModern: false,
    codeOfMissing: -32002,
    revision: transport.protocolVersion,
    sdk: client,
    transport,
    call: (params, options) => client.callTool(params, undefined, options),
    hear: (method, told) => client.setNotificationHandler(NOTIFICATIONS[method], ({ params }) => told(params)),
  };
}
