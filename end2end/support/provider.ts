import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import type { Complaints } from './complaints';
import { STARTED_WITHIN, type Server, startEmptyServer } from './server';
import { NOBODY } from './sign-in';
import { test as base } from './test';

/** A provider of OpenID Connect of these tests alone. */
export class Provider {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async start(): Promise<Provider> {
    const child = spawn(process.execPath, [resolve(__dirname, 'provider.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<never>((_, fail) => {
      child.once('exit', (code) => fail(new Error(`the provider ended at its start with code ${code}`)));
    });
    const said = new Promise<string>((done) => createInterface({ input: child.stdout }).once('line', done));
    return new Provider(child, await Promise.race([said, ended]));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** The pages of the provider, as its library has them for development. */
export class ProviderPages {
  constructor(private readonly page: Page) {}

  /** Signs in there as one of its people, and consents. */
  async letIn(name: string): Promise<void> {
    await this.page.getByPlaceholder('Enter any login').fill(name);
    await this.page.getByPlaceholder('and password').fill('any');
    await this.page.getByRole('button', { name: 'Sign-in' }).click();
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Agrees there to sign out. */
  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Yes, sign me out' }).click();
  }

  async goBack(): Promise<void> {
    await this.page.getByRole('link', { name: 'Cancel' }).click();
  }
}

/** A test against a server whose people sign in at a provider; a worker has both for itself. */
export const test = base.extend<{ provider: Provider; elsewhere: void }, { withProvider: { label: Server; provider: Provider } }>({
  withProvider: [
    async ({}, use, worker) => {
      const provider = await Provider.start();
      const label = await startEmptyServer(`server-with-provider-${worker.workerIndex}`, {
        PATCHLINE_OIDC_ISSUER: provider.issuer,
        PATCHLINE_OIDC_CLIENT_ID: 'patchline',
        PATCHLINE_OIDC_NAME: 'Northlight',
        PATCHLINE_OIDC_ROLES: 'label-admins=admin,label-staff=label',
      });
      await use({ label, provider });
      await label.stop();
      await provider.stop();
    },
    { scope: 'worker', timeout: STARTED_WITHIN },
  ],
  server: async ({ withProvider }, use) => use(withProvider.label.url),
  provider: async ({ withProvider }, use) => use(withProvider.provider),
  storageState: async ({}, use) => use(NOBODY),
  // The page of the provider is another site, which asks for a font of a third one.
  elsewhere: [
    async ({ page, complaints, provider }, use) => {
      await withoutForeignFonts(page);
      expectRequestsTo(complaints, provider.issuer);
      expectRequestsTo(complaints, 'https://fonts.googleapis.com');
      await use();
    },
    { auto: true },
  ],
});

/** Answers in place of the site from which the pages of the provider want a font. */
export async function withoutForeignFonts(page: Page): Promise<void> {
  await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
}

function expectRequestsTo(complaints: Complaints, origin: string): void {
  complaints.expect(new RegExp(`^request to another origin: ${origin.replaceAll('.', '\\.')}/`));
}
