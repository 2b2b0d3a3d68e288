/**
 * One event as Sunbird's SDK builds it, and the values that options leave behind for the events after it.
 */
import type { CompleteConfig } from './config';

type Members = Record<string, unknown>;

/** A Sunbird event that may be changed by nobody once it is made: every part is a copy. */
export interface WholeEvent {
  eid: string;
  /** ms, the app's `timeDiff` included. */
  ets: number;
  ver: string;
  mid: string;
  actor: { id: string; type: string; [other: string]: unknown };
  context: Members & { channel: string; pdata: Members; env: string; sid: string; did: string };
  object: Members;
  tags: string[];
  edata: Members;
}

/** What every call takes beside its data. Each part stays in force for later events until it is reset. */
export interface EventOptions {
  context?: Members;
  object?: Members;
  actor?: Members;
  tags?: unknown;
  runningEnv?: string;
  /** `ver` of this event alone; ASSESS 3.1 uses it. */
  eventVer?: string;
}

/** What the calls so far have put over the app's configuration. */
export class Scene {
  context: Members = {};
  object: Members = {};
  actor: Members = {};
  tags: string[] = [];

  /** Takes the parts that `options` has. */
  take(options: EventOptions | undefined): void {
    if (!isObject(options)) return;
    if (isObject(options.context)) this.context = copy(options.context);
    if (isObject(options.object)) this.object = copy(options.object);
    if (isObject(options.actor)) this.actor = copy(options.actor);
    if (Array.isArray(options.tags)) this.tags = textsOf(options.tags);
  }
}

/** Who is at the device, for events that do not say. */
export interface Known {
  deviceId: string;
  sessionId: string;
}

/** The event of `eid` at `now` (ms) in this scene. `contentObject` lies below the scene's object. */
export function build(
  eid: string,
  edata: unknown,
  mid: string,
  now: number,
  config: CompleteConfig,
  contentObject: Members,
  scene: Scene,
  known: Known,
): WholeEvent {
  const isServer = config.runningEnv === 'server';
  const context = {
    channel: config.channel,
    pdata: { id: 'in.ekstep', ver: '1.0', pid: '', ...copy(config.pdata) },
    env: config.env,
    sid: config.sid || '',
    did: config.did || '',
    cdata: copy(config.cdata ?? []),
    rollup: copy(config.rollup ?? {}),
    ...copy(scene.context),
  };
  // An empty id says nothing; ours says which browser and which visit.
  if (!context.did && !isServer) context.did = known.deviceId;
  if (!context.sid && !isServer) context.sid = known.sessionId;
  const actor = { id: config.uid, type: 'User', ...copy(scene.actor) };
  if ((!actor.id || actor.id === 'anonymous') && !isServer) actor.id = context.did;
  return {
    eid,
    ets: now + (Number(config.timeDiff) || 0) * 1000,
    ver: '3.0',
    mid,
    actor,
    context,
    object: { ...copy(contentObject), ...copy(scene.object) },
    tags: [...new Set([...textsOf(config.tags), ...scene.tags])],
    edata: isObject(edata) ? copy(edata) : {},
  };
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy without what JSON cannot say; what cannot be copied at all (a cycle) leaves its plain members. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch {
    const plain = Object.entries(value).filter(([, member]) => ['string', 'number', 'boolean'].includes(typeof member));
    return Object.fromEntries(plain) as T;
  }
}

function textsOf(tags: unknown): string[] {
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}
