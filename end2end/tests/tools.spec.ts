import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ToolsPage } from '../pages/tools-page';
import { expect, test } from '../support/test';

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
      for (const argument of Object.keys(tool.inputSchema.properties ?? {})) {
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
    complaints.expect(/400/);
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

    const answer = await request.post('/api/tools/query_artist_data', { data: { tableName: 'artists', artistId } });
    expect(JSON.stringify(await answer.json())).toContain('Édouard Kessel');
  });

  test('say so when what was asked for is not there', async ({ page, open, complaints }) => {
    complaints.expect(/404/);
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('query_artist_data', { tableName: 'artists', artistId: 'art_nobody' }));
    await tools.run.click();
    await expect(page.getByRole('main').getByText(/art_nobody/).last()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  });

  test('that do not exist are named as such, beside the list of those that do', async ({ page, open }) => {
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

    const { stdout } = await run('sh', ['-c', command], { timeout: 30_000 });
    const answer = JSON.parse(stdout);
    expect(answer.tool).toBe('list_audio_files');
    expect(answer.requestId).toBeTruthy();
    expect(JSON.stringify(answer.result)).toContain('"files":[]');
  });

  test('run from a link with everything filled in', async ({ page, open }) => {
    const tools = new ToolsPage(page);
    await open(ToolsPage.address('list_audio_files', { bucketName: 'patchline-audio', prefix: 'masters/', maxKeys: 1 }));
    await expect(tools.field('Bucket')).toHaveValue('patchline-audio');
    await expect(tools.field('Files on a page')).toHaveValue('1');
    await tools.run.click();
    await expect(tools.result).toContainText('masters/');
  });
});
