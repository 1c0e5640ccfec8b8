// The TypeScript SDK serving one tool with a fixed answer, for comparison:
// typescript_server.mjs PORT, the answer in ANSWER, the folder with the SDK's package in PACKAGES.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const load = createRequire(`${process.env.PACKAGES}/`);
const { Server } = load('@modelcontextprotocol/sdk/server/index.js');
const { StreamableHTTPServerTransport } = load('@modelcontextprotocol/sdk/server/streamableHttp.js');
const { CallToolRequestSchema } = load('@modelcontextprotocol/sdk/types.js');

const answer = JSON.parse(process.env.ANSWER);
const result = () => ({ content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer });

// Without sessions, a server and a transport for each request: as the SDK's own examples do it.
createServer(async (request, response) => {
  const server = new Server({ name: 'comparison', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(CallToolRequestSchema, async () => result());
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => {
    transport.close();
    server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1');
