import type { APIRequestContext } from '@playwright/test';
import { expect } from './test';

/** What a test needs to know of a release. */
export interface KnownRelease {
  releaseId: string;
  title: string;
  releaseDate: string;
  version: number;
}

/** The newest release of an artist, as a program with a key finds it. */
export async function newestRelease(request: APIRequestContext, artist: string): Promise<KnownRelease> {
  const [found] = await rowsOf<{ artistId: string }>(request, 'query_artist_data', { name: artist });
  if (!found) throw new Error(`there is no artist ${artist}`);
  const [release] = await rowsOf<KnownRelease>(request, 'query_release_data', { artistId: found.artistId, limit: 1 });
  if (!release) throw new Error(`${artist} has no release`);
  return release;
}

async function rowsOf<Row>(request: APIRequestContext, tool: string, data: Record<string, unknown>): Promise<Row[]> {
  const answer = await request.post(`/api/tools/${tool}`, { data });
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { result: { rows: Row[] } }).result.rows;
}

/** The day so many days after another, as year-month-day. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
