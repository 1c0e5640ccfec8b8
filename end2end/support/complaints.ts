import type { Page } from '@playwright/test';

/** Collects what a person would find in the browser's console and never should. */
export class Complaints {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(page: Page, origin: string) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.seen.push(`page error: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.origin !== origin) {
        this.seen.push(`request to another origin: ${request.url()}`);
      }
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'unknown';
      // The page itself gave it up: it was left, or a player had enough.
      if (reason !== 'net::ERR_ABORTED') this.seen.push(`request failed: ${request.url()}: ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.seen.push(`answer ${response.status()}: ${response.url()}`);
    });
  }

  /** This test provokes complaints of this form; others still fail it. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** The complaints that no test expected. */
  unexpected(): string[] {
    return this.seen.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }
}
