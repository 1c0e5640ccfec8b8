import { KEY } from './server';

/** A session at the address of MCP that sends messages as they are, like a program without a library for it. */
export class McpSession {
  private id = '';

  constructor(private readonly server: string) {}

  /** Sends a call, and answers with what came back for it. */
  async send(message: string) {
    await this.begin();
    const events = await (await this.post(message)).text();
    const { id } = JSON.parse(message);
    const data = events.split('\n').filter((line) => /^data: *\{/.test(line));
    const answer = data.map((line) => JSON.parse(line.slice('data:'.length))).find((said) => said.id === id);
    if (!answer) throw new Error(`no answer: ${events}`);
    return answer;
  }

  private async begin(): Promise<void> {
    const clientInfo = { name: 'browser-tests', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const begun = await this.post(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
    this.id = begun.headers.get('mcp-session-id') ?? '';
    await begun.text();
    await this.post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  }

  private async post(body: string): Promise<Response> {
    const session: Record<string, string> = this.id
      ? { 'mcp-session-id': this.id, 'mcp-protocol-version': '2025-11-25' }
      : {};
    const answer = await fetch(`${this.server}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...session,
      },
      body,
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
