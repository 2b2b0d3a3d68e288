/**
 * Makes events and hands them to the queue. Knows no DOM: `capture.ts` tells it what the visitor did.
 */
import { Delivery } from './delivery';
import type { Json, ProducerData, Properties, SunbirdEvent } from './event';
import { Identity } from './identity';
import { uuid7, type Platform } from './platform';
import { Queue } from './queue';
import { Sessions } from './session';
import type { KeyValue } from './storage';
import type { Transport } from './transport';

/** What every event of this page says about where it came from. */
export interface Origin {
  channel: string;
  pdata: ProducerData;
  env: string;
}

/** Names of an app's own events are cut here, as the server does. */
const NAME_CHARS_MAX = 200;

/** One stay on this page within one session: from START to END. */
interface Visit {
  readonly sessionId: string;
  readonly startedAt: number;
  /** The last activity, device clock in ms: where the visit ends if the next one belongs to another session. */
  activeAt: number;
  pages: number;
}

export class Client {
  readonly delivery: Delivery;
  private readonly queue: Queue;
  private readonly sessions: Sessions;
  private readonly identity: Identity;
  private visit: Visit | undefined;
  private pageId = '';

  constructor(
    private readonly origin: Origin,
    private readonly platform: Platform,
    storage: KeyValue,
    transport: Transport,
  ) {
    this.queue = new Queue(storage, platform);
    this.sessions = new Sessions(storage, platform);
    this.identity = new Identity(storage, platform);
    this.delivery = new Delivery(this.queue, transport, platform);
  }

  /** Takes over what earlier pages could not send, and begins on `pageId`. */
  start(pageId: string): void {
    this.pageId = pageId;
    this.queue.adopt();
    this.touch();
    this.delivery.notice();
  }

  /** The visitor did something that is no event by itself (scrolled, typed): the session goes on. */
  touch(): void {
    const session = this.sessions.touch();
    const now = this.platform.now();
    if (this.visit && this.visit.sessionId !== session.id) {
      // The silence between is nobody's: the old visit ended when it was last active.
      this.end(this.visit, this.visit.activeAt);
      this.visit = undefined;
    }
    if (this.visit) {
      this.visit.activeAt = now;
    } else {
      this.visit = { sessionId: session.id, startedAt: now, activeAt: now, pages: 0 };
      this.put('START', { type: 'app', mode: 'play', ...this.page() }, now, session.id);
    }
  }

  /** A page is seen. `subtype` tells how it came: `load`, `push`, `replace`, `pop`, `hash`, `restore`, `call`. */
  impression(pageId: string, uri: string, subtype: string): void {
    this.pageId = pageId;
    this.emit('IMPRESSION', { type: 'view', subtype, pageid: pageId, uri });
    if (this.visit) this.visit.pages += 1;
  }

  /** A click on the element that `id` names; `tag` is its kind, `x` and `y` the place on the page in CSS pixels. */
  click(id: string, tag: string, x: number, y: number): void {
    this.emit('INTERACT', { type: 'CLICK', subtype: tag, id, ...this.page(), extra: { pos: [{ x, y }] } });
  }

  /** The app's own event. A name that is no text, or empty, is ignored. */
  track(name: unknown, properties?: Properties): void {
    if (typeof name !== 'string' || !name.trim()) return;
    this.custom(name.trim().slice(0, NAME_CHARS_MAX), properties ?? {});
  }

  /** From now on the visitor is `personId`; the events of this browser until now become theirs. */
  identify(personId: unknown, properties?: Properties): void {
    const id = typeof personId === 'number' ? String(personId) : personId;
    if (typeof id !== 'string' || !id.trim()) return;
    const claim = this.identity.claim(id.trim());
    const set: Properties = properties ? { $set: properties } : {};
    if (claim === 'first') this.custom('$identify', { $anon_distinct_id: this.identity.deviceId(), ...set });
    // A second person on the same device is never merged with the first.
    else if (properties) this.custom('$set', set);
  }

  /** The visitor logged out: a new anonymous device id and a new session. */
  reset(): void {
    this.close();
    this.identity.reset();
    this.sessions.end();
    this.touch();
  }

  /** The page may never come back (tab hidden): keeps an END for that case and sends what waits. */
  hide(): void {
    if (!this.visit) return;
    this.queue.keepLastWord(this.endText(this.visit, this.platform.now()));
    void this.delivery.flush();
  }

  /** The page came back before it was gone. */
  show(): void {
    if (!this.visit) return;
    if (this.queue.takeBackLastWord() === 'spoken') {
      // Another page took this one for dead and told its END: what follows is another visit.
      this.visit = undefined;
      this.queue.reopen();
    }
    this.touch();
    void this.delivery.flush();
  }

  /** The page goes: END, and everything to the browser. */
  leave(): void {
    this.close();
    this.delivery.leave();
    this.queue.endLease();
  }

  /** The page was restored from the back/forward cache after `leave`. */
  restore(): void {
    this.queue.reopen();
    this.queue.adopt();
    this.touch();
  }

  /** Ends the visit, if one is open. */
  private close(): void {
    const spoken = this.queue.takeBackLastWord() === 'spoken';
    if (this.visit && !spoken) this.end(this.visit, this.platform.now());
    this.visit = undefined;
  }

  private end(visit: Visit, at: number): void {
    this.queue.push(this.endText(visit, at));
    this.delivery.notice();
  }

  private endText(visit: Visit, at: number): string {
    // Hundredths of a second say enough; a clock that jumped back must not make a negative stay.
    const duration = Math.max(0, Math.round((at - visit.startedAt) / 10) / 100);
    const edata = { type: 'app', mode: 'play', ...this.page(), duration, summary: [{ pages: visit.pages }] };
    return JSON.stringify(this.event('END', edata, at, visit.sessionId));
  }

  private custom(type: string, data: Properties): void {
    this.emit('EXDATA', { type, data: safeJson(data) });
  }

  private emit(eid: string, edata: object): void {
    this.touch();
    this.put(eid, edata, this.platform.now(), this.visit?.sessionId ?? '');
  }

  private put(eid: string, edata: object, at: number, sessionId: string): void {
    this.queue.push(JSON.stringify(this.event(eid, edata, at, sessionId)));
    this.delivery.notice();
  }

  private page(): { pageid?: string } {
    return this.pageId ? { pageid: this.pageId } : {};
  }

  private event(eid: string, edata: object, at: number, sid: string): SunbirdEvent {
    return {
      eid,
      ets: at,
      ver: '3.0',
      mid: `${eid}:${uuid7(this.platform)}`,
      actor: { id: this.identity.actorId(), type: 'User' },
      context: { ...this.origin, sid, did: this.identity.deviceId() },
      edata,
    };
  }
}

/** JSON text of whatever an app passes: what cannot be written (a cycle, a BigInt) becomes its plain text. */
function safeJson(data: Properties): string {
  const above: object[] = [];
  const text: string | undefined = JSON.stringify(data, function (this: object, _key, value: unknown): Json | undefined {
    // `this` is the object that holds `value`: the path down to it is what lies above.
    while (above.length > 0 && above[above.length - 1] !== this) above.pop();
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'object' && value !== null) {
      if (above.includes(value)) return '[circular]';
      above.push(value);
    }
    return value as Json | undefined;
  });
  return text ?? '{}';
}
