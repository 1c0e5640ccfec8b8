import type { APIRequestContext } from '@playwright/test';
import { expect } from './test';

/** Calls a tool for files that are not there, and waits until the log has the errors: it is written in batches. */
export async function withFailedCalls(request: APIRequestContext, calls: number): Promise<void> {
  const before = await failedCalls(request);
  for (let call = 0; call < calls; call += 1) {
    const answer = await request.post('/api/tools/get_audio_file', { data: { fileName: `missing-${call}.wav` } });
    expect(answer.status()).toBe(404);
  }
  await expect.poll(() => failedCalls(request), { timeout: 30_000 }).toBeGreaterThanOrEqual(before + calls);
}

/** How many calls of the tool the log has as errors, within the last hour. */
async function failedCalls(request: APIRequestContext): Promise<number> {
  const query = 'filter level = "ERROR" and tool = "get_audio_file" | stats count(*) as failed';
  const answer = await request.post('/api/tools/query_performance_logs', { data: { query } });
  if (answer.status() !== 200) return 0;
  const { result } = await answer.json();
  return Number(result.rows[0]?.failed ?? 0);
}
