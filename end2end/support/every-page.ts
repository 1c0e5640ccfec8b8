import type { Page } from '@playwright/test';
import { ListPage } from '../pages/list-page';

/** A page of the product as a visitor meets it: its name, how to learn its address, its status. */
export interface AnyPage {
  name: string;
  address: (page: Page) => Promise<string>;
  status: number;
}

const fixed = (name: string, path: string, status = 200): AnyPage => ({ name, address: async () => path, status });

const ANSWER = new URLSearchParams({
  search: 'what is the mechanical rate for a 6:10 song pressed in 2026?',
  answer: '1',
  open: 'entries/rates/us-mechanical-minute-2026.md',
});

/** Every page, for what must hold on each. */
export const EVERY_PAGE: AnyPage[] = [
  fixed('overview', '/'),
  fixed('artists', '/artists'),
  fixed('artists, nothing found', '/artists?search=nobody-of-this-name'),
  { name: 'an artist', address: (page) => new ListPage(page, 'Artists').addressOf('Harbour Lanterns'), status: 200 },
  {
    name: 'a statement of royalties',
    address: async (page) => `${await new ListPage(page, 'Artists').addressOf('Harbour Lanterns')}/statement`,
    status: 200,
  },
  { name: 'one of two namesakes', address: (page) => new ListPage(page, 'Artists').addressOf('Mira'), status: 200 },
  fixed('compare artists, nobody chosen', '/artists/compare?find=mira'),
  {
    name: 'artists side by side',
    address: async (page) => {
      const artist = await new ListPage(page, 'Artists').addressOf('Harbour Lanterns');
      return `/artists/compare?artist=${artist.replace('/artists/', '')}&similar=1`;
    },
    status: 200,
  },
  fixed('market', '/market?territory=NO'),
  fixed('weekly report', '/report'),
  fixed('weekly report, a week that is gone', '/report?week=2020-01-06', 400),
  fixed('release calendar', '/releases/calendar?month=2026-12'),
  fixed('releases', '/releases'),
  fixed('releases, second page', '/releases?page=2'),
  { name: 'a release', address: (page) => new ListPage(page, 'Releases').addressOf(/./), status: 200 },
  { name: 'a release, checked', address: async (page) => `${await new ListPage(page, 'Releases').addressOf(/./)}?checks=spotify`, status: 200 },
  { name: 'the details of a release', address: async (page) => `${await new ListPage(page, 'Releases').addressOf(/./)}/edit`, status: 200 },
  { name: 'the files of a release', address: async (page) => `${await new ListPage(page, 'Releases').addressOf(/./)}/files`, status: 200 },
  { name: 'the details of an artist', address: async (page) => `${await new ListPage(page, 'Artists').addressOf('Harbour Lanterns')}/edit`, status: 200 },
  fixed('templates of tasks', '/tasks/templates'),
  fixed('a shared task, a link that leads to none', '/tasks/shared?link=none', 404),
  fixed('contracts', '/contracts'),
  fixed('contracts, notice dates', '/contracts?notice=soon'),
  fixed('contracts, nothing found', '/contracts?search=nobody-of-this-name'),
  { name: 'a contract', address: (page) => new ListPage(page, 'Contracts').addressOf(/./), status: 200 },
  fixed('no such contract', '/contracts/zz', 404),
  fixed('audio', '/audio'),
  fixed('audio, nothing found', '/audio?search=xylotomous'),
  { name: 'a recording', address: (page) => new ListPage(page, 'Audio').addressOf(/./), status: 200 },
  fixed('no such recording', '/audio/cGF0Y2hsaW5lLWF1ZGlvL25vbmUud2F2', 404),
  fixed('imports', '/imports'),
  fixed('no such import', '/imports/01arz3ndektsv4rrffq69g5fav', 404),
  fixed('tasks', '/tasks'),
  fixed('tasks, a sentence from a link', '/tasks?task=Which%20artists%20are%20breaking%20out%3F&territory=no'),
  fixed('tasks, nothing found', '/tasks?text=xylotomous'),
  fixed('automation', '/tasks/automation'),
  fixed('automation of everybody', '/tasks/automation?of=everybody'),
  fixed('no such automation', '/tasks/automation/auto_none', 404),
  fixed('no such task', '/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV', 404),
  fixed('knowledge', '/knowledge'),
  fixed('knowledge, results', '/knowledge?search=spotify%20loudness'),
  fixed('knowledge, nothing found', '/knowledge?search=xylotomous'),
  fixed('knowledge, an answer with its source', `/knowledge?${ANSWER}`),
  fixed('knowledge, an answer that is not known', '/knowledge?search=which%20visa%20does%20a%20band%20need%3F&answer=1'),
  fixed('knowledge, documents', '/knowledge?view=documents'),
  fixed('tools', '/tools'),
  fixed('a tool', '/tools?tool=query_artist_data'),
  fixed('a tool with a file', '/tools?tool=upload_audio_file'),
  fixed('an unknown tool', '/tools?tool=make_coffee', 404),
  fixed('logs', '/logs'),
  fixed('logs, searched', '/logs?query=stats+count(*)+as+calls+by+tool,+bin(5m)&range=24h&run=1'),
  fixed('logs, records', '/logs?query=fields+@timestamp,+level,+@message+|+limit+20&range=own&from=2026-01-01T00:00&run=1'),
  fixed('logs, nothing found', '/logs?query=filter+tool+%3D+%22none%22&run=1'),
  fixed('logs, a wrong query', '/logs?query=filtre+tool&run=1', 400),
  fixed('logs, an activity', '/logs?view=activity&user=key%3Abootstrap&range=24h'),
  fixed('logs, nobody’s activity', '/logs?view=activity'),
  fixed('health', '/health'),
  fixed('a server', '/health/dynamodb'),
  fixed('performance', '/performance?compare=1'),
  fixed('performance, a wrong time', '/performance?from=2026-11-24T10:00&to=2026-11-24T09:00', 400),
  fixed('account', '/account'),
  fixed('confirm', '/confirm?for=change_limits&next=%2Fadmin%2Fsettings'),
  fixed('people', '/admin/users'),
  fixed('policy', '/admin/policy'),
  fixed('policy, a question', '/admin/policy?role=producer&operation=upload_audio_file&place=patchline-audio&time=22:00'),
  fixed('policy, a new rule about tools', '/admin/policy?new=tools'),
  fixed('policy, a new rule about hours', '/admin/policy?new=hours'),
  fixed('policy, the report', '/admin/policy?show=report'),
  fixed('settings', '/admin/settings'),
  fixed('own keys', '/keys'),
  fixed('keys of everybody', '/admin/keys'),
  fixed('audit log', '/admin/audit'),
  fixed('audit log, a record that is gone', '/admin/audit?record=log%23a%232026010100%2F01'),
  fixed('audit log, a wrong time', '/admin/audit?from=2026-11-24T10:00Z&to=2026-11-24T09:00Z', 400),
  fixed('no such server', '/health/coffee', 404),
  fixed('no such artist', '/artists/art_nobody', 404),
  fixed('no such page', '/nowhere', 404),
];
