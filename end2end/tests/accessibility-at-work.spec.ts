import type { APIRequestContext, Page } from '@playwright/test';
import { KnowledgePage } from '../pages/knowledge-page';
import { ToolsPage } from '../pages/tools-page';
import { accessibilityProblems } from '../support/accessibility';
import { pdfFile } from '../support/pdf-file';
import { expect, test } from '../support/test';
import { THEMES, chooseTheme } from '../support/themes';

/** What a person has before them in the middle of their work, and how they get there. */
interface Situation {
  name: string;
  /** A failed answer that belongs to it: the status, the path. */
  expected?: [status: number, path: string];
  narrow?: boolean;
  reach: (page: Page, open: (path: string) => Promise<unknown>, request: APIRequestContext) => Promise<void>;
}

/** Runs a tool and waits for its result or its failure. */
async function run(
  page: Page,
  open: (path: string) => Promise<unknown>,
  tool: string,
  argumentsOfCall: Record<string, unknown>,
): Promise<ToolsPage> {
  const tools = new ToolsPage(page);
  await open(ToolsPage.address(tool, argumentsOfCall));
  await tools.runAndConfirm();
  return tools;
}

/** The result of a tool, asked without the page. */
async function resultOf(request: APIRequestContext, tool: string, data: Record<string, unknown>) {
  const answer = await request.post(`/api/tools/${tool}`, { data });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()).result;
}

const SITUATIONS: Situation[] = [
  {
    name: 'a result as a table',
    reach: async (page, open) => {
      const tools = await run(page, open, 'query_artist_data', { limit: 20 });
      await expect(tools.result.getByRole('table').first()).toBeVisible();
    },
  },
  {
    name: 'a result as JSON',
    reach: async (page, open) => {
      const tools = await run(page, open, 'query_release_data', { limit: 3 });
      await tools.result.getByRole('radio', { name: 'JSON' }).check();
      await expect(tools.result.getByText('"tableName"')).toBeVisible();
    },
  },
  {
    name: 'a result with a player',
    reach: async (page, open, request) => {
      const { files } = await resultOf(request, 'list_audio_files', { prefix: 'masters/', maxKeys: 1 });
      const tools = await run(page, open, 'get_audio_file', { fileName: files[0].fileName });
      await expect(tools.result.locator('audio')).toBeVisible();
    },
  },
  {
    name: 'a result with a picture',
    reach: async (page, open, request) => {
      const { rows } = await resultOf(request, 'query_release_data', { attributes: ['artwork'], limit: 1 });
      const tools = await run(page, open, 'get_artwork', { fileName: rows[0].artwork });
      await expect(tools.result.getByRole('img').first()).toBeVisible();
    },
  },
  {
    name: 'a result without rows',
    reach: async (page, open) => {
      const tools = await run(page, open, 'list_audio_files', { prefix: 'nothing/of/this/name' });
      await expect(tools.done).toBeVisible();
    },
  },
  {
    name: 'a tool that found nothing',
    expected: [404, '/fn/run-tool'],
    reach: async (page, open) => {
      const tools = await run(page, open, 'query_artist_data', { artistId: 'art_nobody' });
      await expect(tools.failure).toContainText('Not found');
    },
  },
  {
    name: 'a change that somebody else was faster with',
    expected: [409, '/fn/run-tool'],
    reach: async (page, open, request) => {
      const { rows } = await resultOf(request, 'query_release_data', { attributes: ['releaseId'], limit: 1 });
      const change = { releaseId: rows[0].releaseId, expectedVersion: 9999, updateData: { genre: 'silence' } };
      const tools = await run(page, open, 'update_release_data', change);
      await expect(tools.failure).toContainText('has been changed since you read it');
    },
  },
  {
    name: 'a form with what is missing',
    reach: async (page, open) => {
      const tools = new ToolsPage(page);
      await open(ToolsPage.address('update_release_data'));
      await tools.run.click();
      await expect(await tools.message('Release')).toHaveText('This is needed.');
    },
  },
  {
    name: 'a form with what the server found wrong',
    expected: [400, '/fn/run-tool'],
    reach: async (page, open) => {
      const tools = new ToolsPage(page);
      await open(ToolsPage.address('scan_analytics_data', { filterExpression: 'streams >' }));
      await tools.run.click();
      await expect(await tools.message('Condition')).toContainText('at character 10');
    },
  },
  {
    name: 'the question before a change',
    reach: async (page, open) => {
      const tools = new ToolsPage(page);
      const change = { releaseId: 'rel_any', expectedVersion: 1, updateData: { genre: 'silence' } };
      await open(ToolsPage.address('update_release_data', change));
      await tools.run.click();
      await expect(page.getByRole('dialog')).toContainText('rel_any');
    },
  },
  {
    name: 'the call for elsewhere',
    reach: async (page, open) => {
      await open(ToolsPage.address('list_audio_files', { prefix: 'masters/' }));
      await page.getByText('Use this call elsewhere').click();
      await expect(page.getByRole('button', { name: 'Copy curl' })).toBeVisible();
    },
  },
  {
    name: 'the menu of a small screen',
    narrow: true,
    reach: async (page, open) => {
      await open('/');
      await page.locator('summary[aria-label="Menu"]').click();
      await expect(page.getByRole('navigation', { name: 'Main' }).filter({ visible: true })).toBeVisible();
    },
  },
  {
    name: 'documents that were refused',
    expected: [400, '/upload/document'],
    reach: async (page, open) => {
      const knowledge = new KnowledgePage(page);
      await open(KnowledgePage.documentsAddress);
      await knowledge.pick('blank.pdf', pdfFile([[]]));
      await expect(knowledge.upload('blank.pdf').getByRole('alert')).toContainText(/Not added: .+/);
    },
  },
  {
    name: 'a source that is not there any more',
    expected: [404, '/knowledge'],
    reach: async (page, open) => {
      await open('/knowledge?search=isrc&open=documents%2Fnobody.pdf');
      await expect(new KnowledgePage(page).drawer).toContainText('Not found');
    },
  },
];

for (const { name, expected, narrow, reach } of SITUATIONS) {
  test.describe(`Nothing stands in the way of anybody at work: ${name}`, () => {
    for (const theme of THEMES) {
      test(theme, async ({ page, open, context, baseURL, complaints, request }) => {
        if (expected) complaints.expectAnswer(...expected);
        await chooseTheme(context, theme, baseURL);
        if (narrow) await page.setViewportSize({ width: 360, height: 740 });
        await reach(page, open, request);
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        expect(await accessibilityProblems(page)).toEqual([]);
      });
    }
  });
}
