import { type APIRequestContext } from '@playwright/test';

/** Artists whose releases other tests change, or compare with what they were. */
const OF_OTHERS = [
  'Papercut Choir',
  'Greta Fennwald',
  'Nieve Ocampo',
  'Velvet Cartography',
  'Calle Marea',
  'Harbour Lanterns',
  'Brass Meridian',
  'Sundown Okada',
];

/** A release with its tracks in order. */
export interface OwnRelease {
  releaseId: string;
  artistId: string;
  title: string;
  version: number;
  tracks: { trackId: string; title: string; audio?: string }[];
}

/** A release with at least three tracks that no other test changes; each test takes another place in the list. */
export async function ownRelease(request: APIRequestContext, place: number): Promise<OwnRelease> {
  const artists = await rows<{ artistId: string; name: string }>(request, 'query_artist_data');
  const others = new Set(artists.filter((artist) => OF_OTHERS.includes(artist.name)).map((artist) => artist.artistId));
  // The first one is what tests of tools take.
  const releases = (await rows<OwnRelease>(request, 'query_release_data')).slice(1);
  const own = releases.filter((release) => release.tracks.length > 2 && !others.has(release.artistId));
  own.sort((a, b) => a.tracks.length - b.tracks.length || a.releaseId.localeCompare(b.releaseId));
  const found = own[place];
  if (!found) throw new Error(`there are only ${own.length} releases with several tracks`);
  return found;
}

/** A release as it is stored now. */
export async function storedRelease(request: APIRequestContext, releaseId: string): Promise<OwnRelease> {
  const [found] = await rows<OwnRelease>(request, 'query_release_data', { releaseId });
  if (!found) throw new Error(`there is no release ${releaseId}`);
  return found;
}

/** Names a stored file as the master of the first track of a release. */
export async function nameMaster(request: APIRequestContext, releaseId: string, audio: string): Promise<void> {
  const { version, tracks } = await storedRelease(request, releaseId);
  const data = { releaseId, trackId: tracks[0]?.trackId, expectedVersion: version, updateData: { audio } };
  const answer = await request.post('/api/tools/update_track_data', { data });
  if (!answer.ok()) throw new Error(await answer.text());
}

async function rows<Row>(request: APIRequestContext, tool: string, data: object = {}): Promise<Row[]> {
  const answer = await request.post(`/api/tools/${tool}`, { data });
  return ((await answer.json()) as { result: { rows: Row[] } }).result.rows;
}
