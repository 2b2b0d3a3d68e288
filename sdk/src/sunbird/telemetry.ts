/**
 * The functions of Sunbird's own SDK, versions 0 to 2, over our queue: the same calls and events, without jQuery,
 * without a fingerprint and without losing what is unsent. Where it differs: docs/sdk.md, "Drop-in".
 */
import type { Level } from '../api';
import { guarded } from '../guard';
import { fault } from './check';
import { complete, type CompleteConfig, type SunbirdConfig } from './config';
import { Scene, build, copy, isObject, type EventOptions, type WholeEvent } from './event';
import type { Outlet } from './outlet';

type Data = Record<string, unknown>;

/** What the page gives: the clock, ids, its document, and a queue once the app has said where to. */
export interface Surroundings {
  now(): number;
  /** A new unique id. */
  id(): string;
  /** The queue to the server that `config` and the script's address name. */
  open(config: CompleteConfig): Outlet;
  /** Tells the page's listeners. */
  tell(event: WholeEvent): void;
  warn(text: string): void;
}

/** Calls before `initialize` wait here; an app that never initialises must not fill the memory. */
const EARLY_EVENTS_MAX = 200;

export class SunbirdTelemetry {
  initialized = false;
  readonly _version = '3.0';
  config: SunbirdConfig = {};
  private settings = complete({});
  private readonly scene = new Scene();
  private contentObject: Data = {};
  private starts: { type: unknown; at: number }[] = [];
  private outlet: Outlet | undefined;
  private early: (() => void)[] = [];
  private waiting = 0;

  constructor(private readonly around: Surroundings) {}

  initialize = guarded((config?: SunbirdConfig): void => {
    if (this.initialized) {
      this.around.warn('Telemetry is already initialized');
      return;
    }
    const given = isObject(config) ? config : {};
    this.settings = complete(given as SunbirdConfig);
    this.config = this.settings;
    this.initialized = true;
    if (isObject(given['object'])) this.contentObject = copy(given['object']);
    this.outlet = this.around.open(this.settings);
    for (const call of this.early.splice(0)) call();
  });

  isInitialized = (): boolean => this.initialized;

  /** START; initialises when nobody has. Returns a promise because version 2 does; nothing needs to wait for it. */
  start = (config: SunbirdConfig, contentId: unknown, contentVer: unknown, data?: Data, options?: EventOptions): Promise<void> => {
    guarded(() => {
      if (!this.initialized) this.initialize(config);
      if (contentId && contentVer) this.contentObject = { ...this.contentObject, id: contentId, ver: contentVer };
      this.emit('START', data, options);
      this.starts.push({ type: isObject(data) ? data['type'] : undefined, at: this.around.now() });
    })();
    return Promise.resolve();
  };

  /** END of the last START of the same type, else of the last START; without any START there is no event. */
  end = guarded((data?: Data, options?: EventOptions): void => {
    const edata = isObject(data) ? copy(data) : {};
    const alike = this.starts.map((start) => start.type).lastIndexOf(edata['type']);
    const [begun] = this.starts.splice(alike < 0 ? this.starts.length - 1 : alike, 1);
    if (!begun) {
      this.around.warn('Please invoke start before invoking end event.');
      return;
    }
    // Hundredths of a second; a clock set back must not make a negative stay.
    edata['duration'] = Math.max(0, Math.round((this.around.now() - begun.at) / 10) / 100);
    if (begun.type !== undefined) edata['type'] ??= begun.type;
    this.emit('END', edata, options);
  });

  impression = this.plain('IMPRESSION');
  interact = this.plain('INTERACT');
  response = this.plain('RESPONSE');
  interrupt = this.plain('INTERRUPT');
  share = this.plain('SHARE');
  audit = this.plain('AUDIT');
  error = this.plain('ERROR');
  heartbeat = this.plain('HEARTBEAT');
  log = this.plain('LOG');
  search = this.plain('SEARCH');
  metrics = this.plain('METRICS');
  exdata = this.plain('EXDATA');
  summary = this.plain('SUMMARY');
  assess = this.plain('ASSESS');

  /** FEEDBACK: the rating and the words, under the names of any version. */
  feedback = guarded((data?: Data, options?: EventOptions): void => {
    const { rating, comments, commentid, commenttxt } = isObject(data) ? data : {};
    this.emit('FEEDBACK', { rating, comments: comments ?? '', commentid, commenttxt }, options);
  });

  resetContext = guarded((context?: Data): void => void (this.scene.context = isObject(context) ? copy(context) : {}));
  resetObject = guarded((object?: Data): void => void (this.scene.object = isObject(object) ? copy(object) : {}));
  resetActor = guarded((actor?: Data): void => void (this.scene.actor = isObject(actor) ? copy(actor) : {}));
  resetTags = guarded((tags?: unknown): void => {
    this.scene.tags = [];
    this.scene.take({ tags });
  });

  /** Sends what waits. */
  syncEvents = (): void => this.flush();

  /** The level in force; `security` until the server has told the project's. Sunbird's SDK has no levels. */
  getLevel = (): Level => this.outlet?.level() ?? 'security';

  /** The person's own choice; never above what the project allows. */
  setLevel = guarded((level: Level): void => this.outlet?.choose(level));

  /** Kept for apps that ask for the device's id: a random one of this browser, without components. */
  getFingerPrint = guarded((done?: (result: string, components: unknown[], version: string) => void): void => {
    if (typeof done === 'function') done(this.fingerPrintId, [], 'v1');
  });

  get fingerPrintId(): string {
    return this.settings.did || this.outlet?.deviceId() || '';
  }

  /** Queues an event that the page made itself, as it is. */
  take = guarded((event: unknown): void => {
    if (!isObject(event) || typeof event['eid'] !== 'string') return;
    const kept = copy(event) as unknown as WholeEvent;
    if (this.outlet) this.hand(kept, this.outlet);
    else if (this.early.length < EARLY_EVENTS_MAX) this.early.push(() => this.take(kept));
  });

  private plain(eid: string): (data?: Data, options?: EventOptions) => void {
    return guarded((data?: Data, options?: EventOptions): void => void this.emit(eid, data, options));
  }

  /** Makes and dispatches an event of `now` (ms); before `initialize` it waits, for nobody knows whose it is. */
  private emit(eid: string, data: Data | undefined, options: EventOptions | undefined, now = this.around.now()): void {
    const { outlet } = this;
    if (!outlet) {
      const kept = isObject(data) ? copy(data) : undefined;
      if (this.early.length < EARLY_EVENTS_MAX) this.early.push(() => this.emit(eid, kept, options, now));
      return;
    }
    this.scene.take(options);
    if (options?.runningEnv) this.settings = { ...this.settings, runningEnv: options.runningEnv };
    const known = { deviceId: outlet.deviceId(), sessionId: outlet.sessionId() };
    const mid = `${eid}:${this.around.id()}`;
    const event = build(eid, data, mid, now, this.settings, this.contentObject, this.scene, known);
    if (eid === 'ASSESS' && options?.eventVer) event.ver = options.eventVer;
    this.dispatch(event, outlet);
  }

  private dispatch(event: WholeEvent, outlet: Outlet): void {
    const wrong = this.settings.enableValidation ? fault(event) : undefined;
    if (wrong) {
      this.around.warn(`Invalid ${event.eid} Event: ${wrong}`);
      return;
    }
    const { dispatcher } = this.settings;
    if (typeof dispatcher?.dispatch === 'function') {
      guarded(() => dispatcher.dispatch(event))();
      return;
    }
    // First into the queue: a listener that throws or changes the event must not cost it.
    this.hand(event, outlet);
    this.around.tell(event);
  }

  private hand(event: WholeEvent, outlet: Outlet): void {
    // The server corrects the device's clock by what the batch says of it; `timeDiff` on top would correct it twice.
    const ets = event.ets - (Number(this.settings.timeDiff) || 0) * 1000;
    outlet.put(copy({ ...event, ets }));
    this.waiting += 1;
    if (event.eid.toUpperCase() === 'END' || this.waiting >= this.settings.batchsize) this.flush();
  }

  private flush(): void {
    this.waiting = 0;
    void this.outlet?.flush();
  }
}
