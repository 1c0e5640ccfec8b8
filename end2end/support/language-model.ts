import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that a test writes, piece by piece. */
export class Writing {
  private isOver = false;
  /** Resolves when the one who asked has gone away before the end. */
  readonly abandoned: Promise<void>;

  constructor(private readonly response: ServerResponse) {
    this.abandoned = new Promise((resolve) => {
      response.on('close', () => {
        if (!this.isOver) resolve();
      });
    });
  }

  say(text: string): void {
    this.event({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
  }

  end(): void {
    this.isOver = true;
    this.event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    this.response.end('data: [DONE]\n\n');
  }

  /** Closes the connection in the middle of the answer. */
  breakOff(): void {
    this.isOver = true;
    this.response.destroy();
  }

  private event(data: unknown): void {
    this.response.write(`data: ${JSON.stringify(data)}\n\n`);
  }
}

/** A server that speaks like a language model. Tests write its answers, or let it answer by itself. */
export class LanguageModel {
  private readonly waiting: Writing[] = [];
  private readonly askers: ((writing: Writing) => void)[] = [];
  private byItself: string | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LanguageModel> {
    const server = createServer();
    const model = new LanguageModel(server);
    server.on('request', (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      model.take(new Writing(response));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next answer that somebody waits for. */
  asked(): Promise<Writing> {
    const writing = this.waiting.shift();
    return writing ? Promise.resolve(writing) : new Promise((resolve) => this.askers.push(resolve));
  }

  /** From now on it answers by itself, with this; or not any more. */
  answersByItself(text: string | undefined): void {
    this.byItself = text;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private take(writing: Writing): void {
    if (this.byItself !== undefined) {
      writing.say(this.byItself);
      writing.end();
      return;
    }
    const asker = this.askers.shift();
    if (asker) asker(writing);
    else this.waiting.push(writing);
  }
}
