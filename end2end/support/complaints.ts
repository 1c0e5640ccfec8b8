import type { Page } from '@playwright/test';

/** A failed answer: its status and the path of its address. */
interface Answer {
  status: number;
  path: string;
}

interface Complaint {
  words: string;
  /** The answer that it is about, if it is about one. */
  answer: Answer | null;
}

/** Collects what a person would find in the browser's console and never should. */
export class Complaints {
  private readonly seen: Complaint[] = [];
  private readonly expected: RegExp[] = [];
  private readonly expectedAnswers: Answer[] = [];

  constructor(page: Page, origin: string) {
    page.on('console', (message) => {
      // That something was loaded early and is not used yet says how fast the machine is, and nothing else.
      if (message.text().includes('was preloaded using link preload but not used within a few seconds')) return;
      if (message.type() === 'error' || message.type() === 'warning') {
        const { url } = message.location();
        const status = /the server responded with a status of (\d{3})/.exec(message.text())?.[1];
        this.note(
          `console ${message.type()}: ${message.text()} (${url})`,
          status ? { status: Number(status), path: pathOf(url) } : null,
        );
      }
    });
    page.on('pageerror', (error) => this.note(`page error: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.origin !== origin) {
        this.note(`request to another origin: ${request.url()}`);
      }
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'unknown';
      // The page itself gave it up: it was left, or a player had enough.
      if (reason !== 'net::ERR_ABORTED') this.note(`request failed: ${request.url()}: ${reason}`);
    });
    page.on('response', (response) => {
      const answer = { status: response.status(), path: pathOf(response.url()) };
      if (answer.status >= 400) this.note(`answer ${answer.status}: ${response.url()}`, answer);
    });
  }

  private note(words: string, answer: Answer | null = null): void {
    this.seen.push({ words, answer });
  }

  /** This test provokes complaints of this form; others still fail it. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** This test provokes an answer of this status at this address, whatever its query; others still fail it. */
  expectAnswer(status: number, address: string): void {
    this.expectedAnswers.push({ status, path: pathOf(address) });
  }

  /** The complaints that no test expected. */
  unexpected(): string[] {
    return this.seen.filter((complaint) => !this.isExpected(complaint)).map((complaint) => complaint.words);
  }

  private isExpected({ words, answer }: Complaint): boolean {
    return (
      this.expected.some((pattern) => pattern.test(words)) ||
      this.expectedAnswers.some(({ status, path }) => answer?.status === status && answer.path === path)
    );
  }
}

/** The path of an address of this server, without its query. */
function pathOf(address: string): string {
  return new URL(address, 'http://localhost').pathname;
}
