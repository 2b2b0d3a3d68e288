/**
 * What an app passes to `initialize`, as Sunbird's own SDK takes it, and what stands where it passes nothing.
 */

export interface SunbirdPdata {
  id?: string;
  ver?: string;
  pid?: string;
}

/** The options of Sunbird's SDK, versions 0 to 2. What has no meaning any more is taken and ignored. */
export interface SunbirdConfig {
  /** `actor.id`. Default `anonymous`: the device's id stands in. */
  uid?: string;
  /** A write key of ours (`tmw_…`) names the project; any other token is its gateway's and is not sent. */
  authtoken?: string;
  /** Events in one request, 1 to 1000. Default 20. */
  batchsize?: number;
  /** The server, where the script's own address does not say it. */
  host?: string;
  /** Ignored: the server has one address for events. */
  apislug?: string;
  /** Ignored, as `apislug`. */
  endpoint?: string;
  /** `context.channel`, the tenant. */
  channel?: string;
  pdata?: SunbirdPdata | undefined;
  /** `context.env`, the area of the app. */
  env?: string;
  /** `context.sid`. Default: the SDK's own session (30 minutes). */
  sid?: string;
  /** `context.did`. Default: a random id of this browser, never a fingerprint. */
  did?: string;
  cdata?: readonly { type: string; id: string }[];
  /** `context.rollup`. */
  rollup?: Record<string, string>;
  /** The object of all events, until others are named. */
  object?: Record<string, unknown>;
  tags?: readonly string[];
  /** Takes each event instead of the page and the server. */
  dispatcher?: { dispatch(event: unknown): void };
  /** `server`: no device id is filled in. Default `client`. */
  runningEnv?: string;
  /** Events that Sunbird's schemas reject are told on the console and dropped. Default false. */
  enableValidation?: boolean;
  /** The server's clock minus the device's, in seconds, added to each `ets`. Default 0. */
  timeDiff?: number;
  /** More, which only Sunbird's SDK knows (`mode`, `telemetryDebugEnabled`, …): ignored. */
  [other: string]: unknown;
}

/** Sunbird's default batch, and the largest that it allows. */
export const BATCH_EVENTS = 20;
const BATCH_EVENTS_MAX = 1000;

export const DEFAULTS = {
  uid: 'anonymous',
  authtoken: '',
  batchsize: BATCH_EVENTS,
  host: '',
  apislug: '/action',
  endpoint: '/data/v3/telemetry',
  channel: 'in.ekstep',
  env: 'contentplayer',
} satisfies SunbirdConfig;

export type CompleteConfig = SunbirdConfig & typeof DEFAULTS;

/** `given` over the defaults; an empty channel, env or batch size is none given. */
export function complete(given: SunbirdConfig): CompleteConfig {
  const batchsize = Math.floor(Number(given.batchsize)) || BATCH_EVENTS;
  return {
    ...DEFAULTS,
    ...given,
    uid: given.uid || DEFAULTS.uid,
    host: given.host || DEFAULTS.host,
    authtoken: given.authtoken || DEFAULTS.authtoken,
    channel: given.channel || DEFAULTS.channel,
    env: given.env || DEFAULTS.env,
    batchsize: Math.min(Math.max(batchsize, 1), BATCH_EVENTS_MAX),
  };
}
