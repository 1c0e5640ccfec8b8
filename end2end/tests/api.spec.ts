import { expect, test } from '../support/test';
import { waveFile } from '../support/wave-file';

/** The error of an answer, checked for what every error must say. */
async function errorOf(answer: { json(): Promise<unknown> }): Promise<{ kind: string; message: string; fields: { field: string; message: string }[] }> {
  const { error } = (await answer.json()) as { error: { kind: string; message: string; remedy: string; fields: [] } };
  expect(error.message).toMatch(/\w+.*[.!?]$/s);
  return error;
}

test.describe('The API', () => {
  test('is alive and ready', async ({ request }) => {
    expect((await request.get('/livez')).status()).toBe(200);
    expect((await request.get('/readyz')).status()).toBe(200);
  });

  test('describes itself', async ({ request }) => {
    const description = await (await request.get('/api/openapi.json')).json();
    expect(description.openapi).toMatch(/^3\./);
    expect(Object.keys(description.paths).some((path) => path.startsWith('/api/tools'))).toBe(true);
  });

  test('lists tools with schemas and what they do to the world', async ({ request }) => {
    const { tools } = await (await request.get('/api/tools')).json();
    const byName = new Map<string, { annotations: { readOnlyHint: boolean }; outputSchema: { type: string } }>(
      tools.map((tool: { name: string }) => [tool.name, tool]),
    );
    expect(byName.get('query_artist_data')?.annotations.readOnlyHint).toBe(true);
    expect(byName.get('update_release_data')?.annotations.readOnlyHint).toBe(false);
    expect(byName.get('query_artist_data')?.outputSchema.type).toBe('object');
  });

  test('names each wrong argument', async ({ request }) => {
    const answer = await request.post('/api/tools/query_artist_data', { data: { tableName: 'artists', artistId: 7, colour: 'blue' } });
    expect(answer.status()).toBe(400);
    const error = await errorOf(answer);
    expect(error.kind).toBe('invalid');
    expect(error.fields.map((wrong) => wrong.field).sort()).toEqual(['artistId', 'colour']);
  });

  test('refuses a body that is not JSON, and one that is no object', async ({ request }) => {
    for (const data of ['{', '[]', '7']) {
      const answer = await request.post('/api/tools/query_artist_data', { headers: { 'content-type': 'application/json' }, data: Buffer.from(data) });
      expect(answer.status(), data).toBe(400);
      expect((await errorOf(answer)).kind).toBe('invalid');
    }
  });

  test('says that a tool does not exist', async ({ request }) => {
    const answer = await request.post('/api/tools/make_coffee', { data: {} });
    expect(answer.status()).toBe(404);
    expect((await errorOf(answer)).message).toContain('make_coffee');
  });

  test('refuses tables and buckets that it may not touch', async ({ request }) => {
    const calls = [
      ['query_artist_data', { tableName: 'patchline-audit', artistId: 'art_1' }],
      ['list_audio_files', { bucketName: 'somebody-elses' }],
      ['list_audio_files', { bucketName: 'patchline-contracts' }],
    ] as const;
    for (const [tool, data] of calls) {
      const answer = await request.post(`/api/tools/${tool}`, { data });
      expect(answer.status(), tool).toBe(403);
      expect((await errorOf(answer)).kind, tool).toBe('forbidden');
    }
    const foreign = await request.get('/media/somebody-elses/a.wav');
    expect(foreign.status()).toBe(403);
    expect((await errorOf(foreign)).kind).toBe('forbidden');
    const upload = await request.put('/upload/audio?fileName=a.wav&bucketName=somebody-elses', { data: waveFile(1) });
    expect(upload.status()).toBe(403);
    expect((await errorOf(upload)).fields.map((wrong) => wrong.field)).toEqual(['bucketName']);
  });

  test('does not follow paths out of a bucket', async ({ request }) => {
    for (const [path, status] of [
      ['/media/patchline-audio/..%2f..%2fcredentials.json', 400],
      ['/media/..%2f/credentials.json', 403],
    ] as const) {
      const answer = await request.get(path);
      expect(answer.status(), path).toBe(status);
      expect(await answer.text()).not.toContain('secret');
    }
  });

  test('refuses a change that another site asks for', async ({ request }) => {
    const foreign = await request.post('/api/tools/query_artist_data', {
      headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
      data: { tableName: 'artists', artistId: 'art_1' },
    });
    expect(foreign.status()).toBe(403);
  });

  test('says of an address that leads nowhere that it does not exist', async ({ request }) => {
    const answer = await request.get('/api/nowhere', { headers: { accept: 'application/json' } });
    expect(answer.status()).toBe(404);
  });
});

test.describe('Every page', () => {
  test('is protected against what other sites could do with it', async ({ request }) => {
    const headers = (await request.get('/')).headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/default-src '(self|none)'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe-eval');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBeTruthy();
  });

  test('loads code and styles once and keeps them', async ({ page, open, request }) => {
    await open('/');
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => new URL(name).pathname.startsWith('/pkg/')),
      );
    await expect.poll(async () => (await loaded()).length).toBeGreaterThanOrEqual(3);
    for (const file of await loaded()) {
      const answer = await request.get(file);
      expect(answer.status(), file).toBe(200);
      // What `cargo leptos end-to-end` has built has plain names, under which something else may come tomorrow.
      const hasHash = /\.[\w-]{22}\.\w+$/.test(file);
      expect(answer.headers()['cache-control'], file).toMatch(hasHash ? /immutable/ : /no-cache/);
    }
  });
});
