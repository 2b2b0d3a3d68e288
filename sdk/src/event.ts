/**
 * The shape of what is sent: one Sunbird telemetry v3 event, and the batch around it.
 */

/** Values that survive JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };
/** Properties of an app's own event, or of a person. */
export type Properties = { [key: string]: Json | undefined };

/** The producer of events, as Sunbird calls it. */
export interface ProducerData {
  /** The app, e.g. `prod.school.app`. */
  id: string;
  /** The app's build. */
  ver: string;
  /** The part of the app. */
  pid: string;
}

/** One event, ready to be sent. */
export interface SunbirdEvent {
  eid: string;
  /** Device clock, ms. */
  ets: number;
  ver: '3.0';
  /** Unique; the same at each retry, so the server counts the event once. */
  mid: string;
  actor: { id: string; type: 'User' };
  context: { channel: string; pdata: ProducerData; env: string; sid: string; did: string };
  edata: object;
}

/** Version of this SDK, sent with each batch. */
export const SDK_VERSION = '0.1.0';

/** The request body around `events`, which are JSON texts. `now` is the device's clock: the server corrects by it. */
export function batchBody(msgid: string, now: number, evicted: number, events: readonly string[]): string {
  const params = { msgid, lib: `telemetry-web/${SDK_VERSION}`, ...(evicted > 0 ? { evicted } : {}) };
  const head = JSON.stringify({ id: 'api.sunbird.telemetry', ver: '3.0', params, ets: now });
  return `${head.slice(0, -1)},"events":[${events.join(',')}]}`;
}
