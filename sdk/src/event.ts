/**
 * The shape of what is sent: one Sunbird telemetry v3 event, and the batch around it.
 */
import { guarded } from './guard';

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

/** What every event of this page says about where it came from. */
export interface Origin {
  channel: string;
  pdata: ProducerData;
  env: string;
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
  context: Origin & { sid?: string; did?: string; cdata?: { type: string; id: string }[] };
  edata: object;
}

/** Version of this SDK, sent with each batch. */
export const SDK_VERSION = '0.2.0';

/**
 * The request body around `events`, which are JSON texts. `now` is the device's clock: the server corrects by it.
 * `level` is the level in force here, `evicted` how many events were given up for want of room since the last batch.
 */
export function batchBody(msgid: string, now: number, level: number, evicted: number, events: readonly string[]): string {
  const params = { msgid, lib: `telemetry-web/${SDK_VERSION}`, level, ...(evicted > 0 && { evicted }) };
  const head = JSON.stringify({ id: 'api.sunbird.telemetry', ver: '3.0', params, ets: now });
  return `${head.slice(0, -1)},"events":[${events.join(',')}]}`;
}

/** JSON text of whatever an app passes; without what cannot be written (a cycle, a BigInt) there is nothing left of it. */
export const safeJson = (data: unknown): string => guarded(JSON.stringify)(data) || '{}';
