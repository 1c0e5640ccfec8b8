import type { APIRequestContext } from '@playwright/test';
import { expect } from './test';

/**
 * Calls a tool for files that are not there, and waits until the log has the errors: it is written in batches.
 * Answers with the ids of the requests.
 */
export async function withFailedCalls(request: APIRequestContext, calls: number): Promise<string[]> {
  const ids: string[] = [];
  for (let call = 0; call < calls; call += 1) {
    const answer = await request.post('/api/tools/get_audio_file', { data: { fileName: `missing-${call}.wav` } });
    expect(answer.status()).toBe(404);
    ids.push(((await answer.json()) as { error: { requestId: string } }).error.requestId);
  }
  // Others call it, too, and what they did an hour ago is not counted any more.
  await expect.poll(() => failedCalls(request, ids), { timeout: 120_000 }).toBe(calls);
  return ids;
}

/** How many of these requests the log has as errors, within the last hour. */
async function failedCalls(request: APIRequestContext, ids: string[]): Promise<number> {
  const wanted = ids.map((id) => `"${id}"`).join(', ');
  const query = `filter level = "ERROR" and tool = "get_audio_file" and requestId in [${wanted}] | stats count_distinct(requestId) as failed`;
  const answer = await request.post('/api/tools/query_performance_logs', { data: { query } });
  if (answer.status() !== 200) return 0;
  const { result } = await answer.json();
  return Number(result.rows[0]?.failed ?? 0);
}
