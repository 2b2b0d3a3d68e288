/** Events as clients write them, with ids of their own. */
import { randomUUID } from 'node:crypto';

/** A Sunbird event; `changes` replaces its members. */
export function sunbird(eid, edata, changes = {}) {
  return {
    eid,
    ets: Date.now(),
    ver: '3.0',
    mid: `${eid}:${randomUUID()}`,
    actor: { id: 'parent-1', type: 'User' },
    context: {
      channel: 'hp-education',
      pdata: { id: 'prod.esamwad.app', ver: '2.3.1', pid: 'esamwad.parent' },
      env: 'home',
      sid: 'session-1',
      did: 'device-1',
    },
    edata,
    ...changes,
  };
}

export const impression = (pageid, changes) => sunbird('IMPRESSION', { type: 'view', pageid, uri: `/${pageid}` }, changes);

/** The request body that Sunbird clients send. */
export const sunbirdBatch = (events) => ({
  id: 'api.sunbird.telemetry',
  ver: '3.0',
  params: { msgid: randomUUID() },
  ets: Date.now(),
  events,
});

/** A PostHog event as server clients send it. */
export function posthog(event, distinctId, properties = {}, changes = {}) {
  return { event, uuid: randomUUID(), distinct_id: distinctId, properties, timestamp: new Date().toISOString(), ...changes };
}

/** The request body of `/batch`. */
export const posthogBatch = (key, batch) => ({ api_key: key, batch, sent_at: new Date().toISOString() });

/** How many rows there are of each event name. */
export function tally(rows, name = (row) => row.event) {
  const counts = {};
  for (const row of rows) counts[name(row)] = (counts[name(row)] ?? 0) + 1;
  return counts;
}
