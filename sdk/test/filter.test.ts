import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SunbirdEvent } from '../src/event';
import { filtered } from '../src/filter';
import { EVENT_LEVELS, FIELDS } from '../src/levels';
import { schemaErrors } from './schema';

const event = (eid: string, edata: object): SunbirdEvent => ({
  eid,
  ets: 1_781_067_612_345,
  ver: '3.0',
  mid: `${eid}:1`,
  actor: { id: 'a', type: 'User' },
  context: { channel: 'c', pdata: { id: 'p', ver: '1', pid: 'w' }, env: 'e', sid: 's', did: 'd', cdata: [{ type: 't', id: 'i' }] },
  edata,
});

describe('what a level lets out', () => {
  it('full lets everything out as it is', () => {
    const full = event('LOG', { type: 'a', level: 'INFO', message: 'm', anything: 1 });
    expect(filtered(full, 3)).toBe(full);
  });

  it('basic tells the minute, no session, no device, no correlation, and paths without their ids', () => {
    const kept = filtered(event('IMPRESSION', { type: 'view', pageid: '/pupil/4711/marks', uri: '/pupil/4711/ab12cd34ef/a@b.in#/x/9', visits: [{ objid: '1', objtype: 'c' }] }), 1)!;
    expect(kept.ets).toBe(1_781_067_600_000);
    expect(kept.context).toEqual({ channel: 'c', pdata: { id: 'p', ver: '1', pid: 'w' }, env: 'e' });
    expect(kept.edata).toEqual({ type: 'view', pageid: '/pupil/:id/marks', uri: '/pupil/:id/:id/:id#/x/:id' });
    expect(schemaErrors(kept)).toBe('');
  });

  it('what a level forbids does not leave at all, and below basic only receipts do', () => {
    for (const [eid, least] of Object.entries(EVENT_LEVELS)) {
      if (!/^[A-Z_]+$/.test(eid) || !FIELDS[eid] || eid === 'EXDATA') continue;
      for (const level of [0, 1, 2, 3]) expect([eid, level, Boolean(filtered(event(eid, {}), level))]).toEqual([eid, level, level >= least]);
    }
    expect(filtered(event('EXDATA', { type: '$level_changed', data: '{"level":"basic","x":1}' }), 0)!.edata).toEqual({ type: '$level_changed', data: '{"level":"basic"}' });
    expect(filtered(event('EXDATA', { type: 'paid', data: '{}' }), 1)).toBeUndefined();
    expect(filtered(event('EXDATA', { type: '$unknown', data: '{}' }), 2)).toBeUndefined();
    expect(filtered(event('EXDATA', { data: 'opaque' }), 2)).toBeUndefined();
  });

  it('an app’s own event keeps numbers and yes/no at enhanced, however deep', () => {
    const data = JSON.stringify({ amount: 12.5, ok: true, name: 'Asha', list: [1, 'x', { n: 2, t: 'y' }], empty: { t: 'z' }, no: null });
    const kept = filtered(event('EXDATA', { type: 'paid', data }), 2)!;
    expect(JSON.parse((kept.edata as { data: string }).data)).toEqual({ amount: 12.5, ok: true, list: [1, { n: 2 }] });
  });

  it('a required field that may not leave is empty, and the event stays valid', () => {
    const cases: [string, object, number, object][] = [
      ['SEARCH', { type: 't', query: 'secret', size: 3, topn: [{ a: 1 }], filters: { grade: '6' } }, 1, { type: 't', query: '', size: 3, topn: [] }],
      ['SEARCH', { query: 'secret', size: 3, topn: [{ a: 1 }], filters: { grade: '6' } }, 2, { query: '', size: 3, topn: [], filters: { grade: true } }],
      ['ERROR', { err: 'E', errtype: 'SYSTEM', stacktrace: 'secret' }, 1, { err: 'E', errtype: 'SYSTEM', stacktrace: '' }],
      ['RESPONSE', { target: { id: 'q', ver: '1', type: 'Question' }, type: 'CHOOSE', values: [{ a: 'secret' }] }, 2, { target: { id: 'q', ver: '1', type: 'Question' }, type: 'CHOOSE', values: [] }],
      ['LOG', { type: 'a', level: 'INFO', message: 'secret', params: [{ secret: 1 }] }, 2, { type: 'a', level: 'INFO', message: '' }],
      ['SHARE', { dir: 'Out', type: 'Link', items: [{ id: 'x', type: 'page', ver: '1', to: { id: 'secret' } }] }, 2, { dir: 'Out', type: 'Link', items: [{ id: 'x', type: 'page', ver: '1' }] }],
      ['FEEDBACK', { rating: 4, comments: 'secret' }, 2, { rating: 4 }],
      ['END', { type: 'app', summary: [{ pages: 2 }, { note: 'secret' }] }, 2, { type: 'app', summary: [{ pages: 2 }] }],
    ];
    for (const [eid, edata, level, wanted] of cases) {
      const kept = filtered(event(eid, edata), level)!;
      expect(kept.edata).toEqual(wanted);
      expect(schemaErrors(kept)).toBe('');
    }
  });

  it('is made from the policy that the server is made from', () => {
    const policy = readFileSync(new URL('../../policy/levels.toml', import.meta.url), 'utf8');
    const named = [...policy.matchAll(/^\[fields\."?([^"\]]+)"?\]/gm)].map(([, name]) => (name === 'envelope' ? '' : name));
    expect(Object.keys(FIELDS).sort()).toEqual(named.sort());
  });
});
