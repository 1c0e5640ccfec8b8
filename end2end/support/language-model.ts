import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that a test writes, piece by piece. */
export class Writing {
  private isOver = false;
  private isLost = false;
  /** Resolves when the one who asked has gone away before the end. */
  readonly abandoned: Promise<void>;

  constructor(private readonly response: ServerResponse) {
    this.abandoned = new Promise((resolve) => {
      response.on('close', () => {
        this.isLost = true;
        if (!this.isOver) resolve();
      });
    });
  }

  /** Whether nobody waits for it any more. */
  get isGone(): boolean {
    return this.isLost;
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
    // A connection that is closed just when it is used again would be an answer that breaks off.
    server.keepAliveTimeout = 0;
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
    for (let writing = this.waiting.shift(); writing; writing = this.waiting.shift()) {
      if (!writing.isGone) return Promise.resolve(writing);
    }
    return new Promise((resolve) => this.askers.push(resolve));
  }

  /** Begins anew: what was asked, and who listens, belongs to a test that is over. */
  forget(): void {
    this.waiting.length = 0;
    this.askers.length = 0;
    this.byItself = undefined;
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
