import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { APIRequestContext } from '@playwright/test';
import { ToolsPage } from '../pages/tools-page';
import { McpSession } from '../support/mcp-session';
import { KEY } from '../support/server';
import { expect, test } from '../support/test';
import { waveFile } from '../support/wave-file';

const run = promisify(execFile);

test.describe('The tools', () => {
  test('are listed by server, each with what it does', async ({ page, open }) => {
    await open('/tools');
    const main = page.getByRole('main');
    for (const name of ['query_artist_data', 'update_release_data', 'list_audio_files']) {
      await expect(main.locator(`a[href*="tool=${name}"]`).first()).toBeVisible();
    }
  });

  test('have a form with a field for each argument of the schema', async ({ page, open, request }) => {
    const { tools } = await (await request.get('/api/tools')).json();
    expect(tools.length).toBeGreaterThan(5);
    // A page for each tool.
    test.setTimeout(20_000 * tools.length);
    for (const tool of tools as { name: string; inputSchema: { properties?: Record<string, unknown> } }[]) {
      await open(ToolsPage.address(tool.name));
      // Where a list goes on is a link under the result, and nothing to type.
      const typed = Object.keys(tool.inputSchema.properties ?? {}).filter((name) => !['cursor', 'nextToken'].includes(name));
      for (const argument of typed) {
        const controls = page.locator(`[name="${argument}"], [name^="${argument}."]`);
        expect(await controls.count(), `${tool.name} has a control for ${argument}`).toBeGreaterThan(0);
      }
    }
  });

  test('say at the field what is missing', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('get_audio_file'));
    await tools.run.click();
    await expect(await tools.message('File name')).toHaveText('This is needed.');
    await expect(tools.field('File name')).toHaveAttribute('aria-invalid', 'true');
    await expect(tools.field('File name')).toBeFocused();
    await tools.field('File name').fill('masters/a.wav');
    await expect(await tools.message('File name')).toBeEmpty();
  });

  test('show at the field what the server found wrong', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/fn/run-tool');
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists', artistId: '../secret' }));
    await tools.run.click();
    await expect(await tools.message('Artist')).toContainText(/letters|character|form/i);
  });

  test('answer with the artist that was asked for', async ({ page, open, request }) => {
    const tools = new ToolsPage(page);
    await open('/artists?search=kessel');
    const address = await page.getByRole('main').getByRole('link', { name: 'Édouard Kessel' }).getAttribute('href');
    const artistId = address?.split('/').pop() ?? '';
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists', artistId }));
    await tools.run.click();
    await expect(tools.result).toContainText('Édouard Kessel');
    await expect(tools.done).toContainText(/^Done in [\d.]+\s(µs|ms|s)\./);
    await tools.touched.locator('summary').click();
    await expect(tools.touched.getByRole('listitem').filter({ hasText: 'GetItem' })).toContainText('artists');

    const answer = await request.post('/api/tools/query_artist_data', { data: { tableName: 'artists', artistId } });
    expect(JSON.stringify(await answer.json())).toContain('Édouard Kessel');
  });

  test('show their result to read, and as the JSON that programs get', async ({ page, open, request }) => {
    const tools = new ToolsPage(page);
    await open('/artists?search=kessel');
    const address = await page.getByRole('main').getByRole('link', { name: 'Édouard Kessel' }).getAttribute('href');
    const call = { tableName: 'artists', artistId: address?.split('/').pop() ?? '', attributes: ['artistId', 'name'] };
    await open(ToolsPage.address('query_artist_data', call));
    await tools.run.click();
    await expect(tools.readable).toContainText('Édouard Kessel');
    await expect(tools.json).toBeHidden();
    await tools.showJson.check();
    await expect(tools.readable).toBeHidden();
    const answer = await request.post('/api/tools/query_artist_data', { data: call });
    const { result } = await answer.json();
    expect(result.rows[0].name).toBe('Édouard Kessel');
    expect(JSON.parse(await tools.json.innerText()).rows).toEqual(result.rows);
  });

  test('say so when what was asked for is not there', async ({ page, open, complaints }) => {
    complaints.expectAnswer(404, '/fn/run-tool');
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists', artistId: 'art_nobody' }));
    await tools.run.click();
    await expect(page.getByRole('main').getByText(/art_nobody/).last()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  });

  test('that do not exist are named as such, beside the list of those that do', async ({ page, open, complaints }) => {
    complaints.expectAnswer(404, '/tools');
    await open('/tools?tool=make_coffee');
    await expect(page.getByRole('heading', { name: 'There is no such tool' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('make_coffee');
    await expect(page.getByRole('navigation', { name: 'Tools' }).getByRole('link').first()).toBeVisible();
  });

  test('are found by what they do', async ({ page, open }) => {
    await open('/tools');
    const picker = page.getByRole('navigation', { name: 'Tools' });
    await picker.getByRole('searchbox', { name: 'Search tools' }).fill('contract');
    await expect(picker.getByRole('link', { name: /Store a contract/ })).toBeVisible();
    await expect(picker.getByRole('link', { name: /Query artists/ })).toHaveCount(0);
  });

  test('ask before they overwrite, and do nothing when the answer is no', async ({ page, open, request }) => {
    const { result } = await (await request.post('/api/tools/query_release_data', { data: { limit: 1 } })).json();
    const release = result.rows[0];
    const tools = new ToolsPage(page);
    await open(
      ToolsPage.address('update_release_data', {
        tableName: 'releases',
        releaseId: release.releaseId,
        expectedVersion: release.version,
        updateData: { genre: 'silence' },
      }),
    );
    await tools.run.click();
    await expect(page.getByRole('dialog')).toContainText(release.releaseId);
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    const after = await request.post('/api/tools/query_release_data', { data: { releaseId: release.releaseId } });
    expect((await after.json()).result.rows[0].genre).toBe(release.genre);
  });

  test('can be called from a shell with the command that the page gives', async ({ page, open, context, baseURL }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files', { bucketName: 'patchline-audio', prefix: "it's $(a) \"test\"" }));
    const command = await tools.copyCurl();

    const { stdout } = await run('sh', ['-c', command], { timeout: 120_000, env: { ...process.env, PATCHLINE_KEY: KEY } });
    const answer = JSON.parse(stdout);
    expect(answer.tool).toBe('list_audio_files');
    expect(answer.requestId).toBeTruthy();
    expect(JSON.stringify(answer.result)).toContain('"files":[]');
  });

  test('can be called over MCP with the message that the page gives', async ({ page, open, context, server }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server });
    const query = '# Zoë’s "Größe"\nfilter message = "it\'s \\"quiet\\""\n| limit 5';
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_performance_logs', { query }));
    const message = await tools.copyMcpCall();
    expect(JSON.parse(message).params.arguments.query).toBe(query);

    const { result } = await new McpSession(server).send(message);
    expect(result.isError, JSON.stringify(result)).toBe(false);
    expect(result.structuredContent.rows).toEqual([]);
  });

  test('begin with the defaults of the schema, and run with them', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('scan_analytics_data'));
    await expect(tools.field('Rows on a page')).toHaveValue('100');
    await open(ToolsPage.address('query_performance_logs'));
    await expect(tools.field('Rows')).toHaveValue('1000');
    await expect(tools.field('Time limit')).toHaveValue('60');
    await open(ToolsPage.address('list_audio_files'));
    await expect(tools.field('Bucket')).toHaveValue('patchline-audio');
    await tools.run.click();
    await expect(tools.done).toBeVisible();
  });

  test('say of a result that it is sample data', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { limit: 2 }));
    await tools.run.click();
    await expect(tools.result.getByText('Sample data', { exact: true })).toBeVisible();
  });

  test('run from a link with everything filled in', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files', { bucketName: 'patchline-audio', prefix: 'masters/', maxKeys: 1 }));
    await expect(tools.field('Bucket')).toHaveValue('patchline-audio');
    await expect(tools.field('Files on a page')).toHaveValue('1');
    await tools.run.click();
    await expect(tools.result).toContainText('masters/');
  });

  test('say after Cancel that a change may have been made all the same', async ({ page, open, request }) => {
    const release = await releaseOf(request, 10);
    const tools = new ToolsPage(page);
    const title = `${release.title} (again)`;
    // The change is made, and its answer does not arrive before the person has had enough.
    let made: (() => void) | undefined;
    const change = new Promise<void>((done) => (made = done));
    let end: (() => void) | undefined;
    const ended = new Promise<void>((done) => (end = done));
    await page.route('**/fn/run-tool', async (route) => {
      const response = await route.fetch({ timeout: 0 });
      made?.();
      await ended;
      // Nobody takes it any more.
      await route.fulfill({ response }).catch(() => undefined);
    });
    await open(
      ToolsPage.address('update_release_data', {
        tableName: 'releases',
        releaseId: release.releaseId,
        expectedVersion: release.version,
        updateData: { title },
      }),
    );
    await tools.run.click();
    await tools.confirm.click();
    await change;
    await tools.cancel.click();
    await expect(tools.result.getByRole('status')).toContainText('The change may have been made all the same');
    await expect(tools.result).not.toContainText('Nothing yet');
    expect((await releaseOf(request, 10, release.releaseId)).title).toBe(title);
    end?.();
    await page.unrouteAll({ behavior: 'wait' });

    await tools.field('Version you have seen').fill(String(release.version + 1));
    await tools.field('Title').fill(release.title);
    await tools.runAndConfirm();
    await expect(tools.done).toBeVisible();
    await expect(tools.result).not.toContainText('may have been made');
  });

  test('say after Cancel what may have become of a file', async ({ page, open, request }) => {
    const fileName = 'given up.wav';
    const tools = new ToolsPage(page);
    let end: (() => void) | undefined;
    const ended = new Promise<void>((done) => (end = done));
    await page.route('**/upload/audio?*', async (route) => {
      await ended;
      await route.abort('aborted').catch(() => undefined);
    });
    await open(ToolsPage.address('upload_audio_file'));
    await tools.field('File').setInputFiles({ name: fileName, mimeType: 'audio/wav', buffer: waveFile(1_400) });
    await tools.run.click();
    await tools.cancel.click();
    await expect(tools.result.getByRole('status')).toContainText('You stopped the upload');
    end?.();
    await page.unrouteAll({ behavior: 'wait' });
    const { result } = await (await request.post('/api/tools/list_audio_files', { data: { prefix: fileName } })).json();
    expect(result.files).toEqual([]);
  });

  test('show whom a name may mean, and go on with the one that is chosen', async ({ page, open, request, complaints }) => {
    complaints.expectAnswer(409, '/fn/run-tool');
    const name = await nameOfTwo(request);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { name }));
    await tools.run.click();
    await expect(tools.failure).toContainText('Which one do you mean?');
    await expect(tools.tryAgain).toHaveCount(0);
    const candidates = tools.failure.getByRole('link', { name });
    expect(await candidates.count()).toBeGreaterThan(1);
    await candidates.last().click();
    await expect(tools.done).toBeVisible();
    await expect(tools.field('Artist')).toHaveValue(/^art_/);
    await expect(tools.result).toContainText(await tools.field('Artist').inputValue());
  });

  test('say that there is a file of the name, and not that somebody changed it', async ({ page, open, request, complaints }) => {
    complaints.expectAnswer(409, '/fn/run-tool');
    const file = { name: 'twice.wav', mimeType: 'audio/wav', buffer: waveFile(1) };
    expect((await request.put('/upload/audio?fileName=twice.wav', { data: file.buffer })).status()).toBe(201);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('upload_audio_file'));
    await tools.field('File').setInputFiles(file);
    await tools.run.click();
    await expect(tools.failure).toContainText('There is already one of this name');
    await expect(tools.failure).toContainText('twice.wav');
    await expect(tools.tryAgain).toHaveCount(0);
  });

  test('name what is wrong by the labels of the form', async ({ page, open, complaints }) => {
    complaints.expectAnswer(400, '/fn/run-tool');
    const tools = new ToolsPage(page);
    const change = { releaseId: 'rel_any', expectedVersion: 1, updateData: { upc: '036000291453' } };
    await open(ToolsPage.address('update_release_data', change));
    await tools.runAndConfirm();
    await expect(tools.failure.getByRole('listitem')).toContainText(/^UPC or EAN: /);
    await expect(tools.failure).not.toContainText('updateData');
  });

  test('speak of files without what only programs compare', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files', { prefix: 'masters/', maxKeys: 1 }));
    await tools.run.click();
    const heads = tools.result.getByRole('columnheader');
    await expect(heads.filter({ hasText: 'Size' })).toHaveText('Size');
    await expect(heads.filter({ hasText: /etag|fingerprint/i })).toHaveCount(0);
    await expect(tools.result).not.toContainText('Next cursor');
    await expect(page.getByRole('main').getByLabel('Cursor')).toHaveCount(0);
    await tools.result.getByRole('link', { name: 'Next page' }).click();
    await expect(tools.result.getByRole('table')).toContainText('masters/');
  });
});

/** A release that no other test changes, or reads by its title: one of those that are out, or that of an id. */
async function releaseOf(
  request: APIRequestContext,
  place: number,
  releaseId?: string,
): Promise<{ releaseId: string; version: number; title: string }> {
  const data = releaseId ? { releaseId } : { limit: 100 };
  const { result } = await (await request.post('/api/tools/query_release_data', { data })).json();
  if (releaseId) return result.rows[0];
  const velvet = await request.post('/api/tools/query_artist_data', { data: { name: 'Velvet Cartography' } });
  const [others] = (await velvet.json()).result.rows as { artistId: string }[];
  return result.rows.filter(
    (release: { status: string; artistId: string }) =>
      release.status === 'released' && release.artistId !== others?.artistId,
  )[place];
}

/** A name that two artists of the label have. */
async function nameOfTwo(request: APIRequestContext): Promise<string> {
  const { result } = await (await request.post('/api/tools/query_artist_data', { data: { limit: 100 } })).json();
  const names = (result.rows as { name: string }[]).map((artist) => artist.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  expect(twice, 'the sample label has namesakes').toBeTruthy();
  return twice ?? '';
}
