/** The small table of shapes and Sunbird's JSON schemas say the same of any event. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fault } from '../../src/sunbird/check';
import { schemaErrors } from '../schema';

const target = { id: 't', ver: '1', type: 'x', parent: { id: 'p', type: 'y' } };
const plugin = { id: 'p', ver: '1', category: 'c' };
/** One event of each kind with every field that the client schemas know. */
const FULL: Record<string, Record<string, unknown>> = {
  START: { type: 'app', mode: 'play', duration: 1, pageid: 'p', loc: '', dspec: { os: 'a', mem: -1, cap: ['x'] }, uaspec: { agent: 'a' } },
  END: { type: 'app', mode: 'play', duration: 1, pageid: 'p', summary: [{ a: 1 }] },
  IMPRESSION: { type: 'view', subtype: 's', pageid: 'p', uri: 'u', duration: 1, visits: [{ objid: 'o', objtype: 't', objver: '1', section: 's', index: 1 }] },
  INTERACT: { type: 'CLICK', id: 'i', subtype: 's', pageid: 'p', duration: 1, target, plugin, extra: { pos: [] } },
  ASSESS: { item: { id: 'q', maxscore: 1, exlength: 1, params: [{}], uri: '', desc: '', title: '', mmc: ['m'], mc: [] }, pass: 'Yes', score: 1, resvalues: [{}], duration: 1, index: 1 },
  RESPONSE: { target, type: 'CHOOSE', values: [{ a: 1 }] },
  INTERRUPT: { type: 'background', pageid: 'p' },
  FEEDBACK: { rating: 1, comments: 'c' },
  SHARE: { items: [{ id: 'i', type: 't', ver: '1', params: [{}], origin: { id: 'a', type: 'b' }, to: { id: 'a', type: 'b' } }], dir: 'In', type: 'Link' },
  AUDIT: { props: ['a'], state: 's', prevstate: 'p' },
  ERROR: { err: 'e', errtype: 't', stacktrace: 's', traceid: 't', pageid: 'p', object: { id: 'i', type: 't', ver: '1', subtype: '', name: '', code: '', parent: {} }, plugin },
  HEARTBEAT: { anything: 1 },
  LOG: { type: 't', level: 'l', message: 'm', pageid: 'p', params: [{ a: 1 }] },
  SEARCH: { query: 'q', size: 1, topn: [{}], type: 't', filters: {}, sort: {}, correlationid: 'c' },
  EXDATA: { type: 't', data: 'd' },
};
const whole = (eid: string) => ({
  eid,
  ets: 1,
  ver: '3.0',
  mid: 'm',
  actor: { id: 'a', type: 'User' },
  context: { channel: 'c', pdata: { id: 'p', pid: '', ver: '1' }, env: 'e', sid: 's', did: 'd', cdata: [{ type: 't', id: 'i' }] },
  object: { id: 'o', type: 't', ver: '1', rollup: { l1: 'x' } },
  tags: ['t'],
  edata: FULL[eid]!,
});

/** Every path to a member of `value`. */
function paths(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...at, Array.isArray(value) ? Number(name) : name];
    return [path, ...paths(member, path)];
  });
}

function changed(event: object, path: readonly (string | number)[], change: 'drop' | 'add' | { to: unknown }): object {
  const copy = structuredClone(event) as Record<string | number, unknown>;
  let holder = copy;
  for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder;
  const last = path[path.length - 1]!;
  if (change === 'drop') {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  } else if (change === 'add') {
    if (Array.isArray(holder)) holder.push(1);
    else holder['unheard'] = 1;
  } else {
    holder[last] = change.to;
  }
  return copy;
}


it('takes an event of each kind with all its fields', () => {
  for (const eid of Object.keys(FULL)) {
    expect(schemaErrors(whole(eid)), eid).toBe('');
    expect(fault(whole(eid) as never), eid).toBeUndefined();
  }
});

it('agrees with the schemas on any change of any field', () => {
  const changes = fc.oneof(
    fc.constant('drop' as const),
    fc.constant('add' as const),
    fc.constantFrom(null, '', 'text', 0, -2, true, [], [1], [{}], {}, { id: 'x' }).map((to) => ({ to })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(FULL)), fc.nat(), changes, (eid, pick, change) => {
      const event = whole(eid);
      const all = paths(event);
      const path = all[pick % all.length]!;
      if (path[0] === 'eid') return;
      const other = changed(event, path, change) as typeof event;
      expect({ right: fault(other as never) === undefined, path, change }).toEqual({ right: schemaErrors(other) === '', path, change });
    }),
    { numRuns: 5000 },
  );
});

it('takes what only the server knows, and refuses what nobody knows', () => {
  for (const [eid, edata] of [
    ['AUDIT', { type: 't', duration: 1 }],
    ['FEEDBACK', { commentid: 'c', commenttxt: 't' }],
    ['METRICS', { system: 's', subsystem: 'b', metrics: [{ metric: 'm', value: 1 }] }],
  ] as const) {
    expect(fault({ ...whole('LOG'), eid, edata } as never)).toBeUndefined();
  }
  expect(fault({ ...whole('LOG'), eid: 'NOPE' } as never)).toBe('eid NOPE is unknown');
  expect(fault({ ...whole('LOG'), ver: '2.0' } as never)).toContain('ver');
});
