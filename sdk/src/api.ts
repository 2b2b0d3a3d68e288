/**
 * The public face of the SDK: what an app can say and what it can set. Types only.
 */
import type * as E from './edata';
import type { Properties } from './event';

/** How much may be collected; each includes the one before it. */
export type Level = 'security' | 'basic' | 'enhanced' | 'full';

/** What the SDK records by itself; each can be switched off. All are on where the level allows. */
export interface Captures {
  /** IMPRESSION at load and at each change of the path. */
  pages: boolean;
  /** INTERACT of type CLICK or TOUCH. */
  clicks: boolean;
  /** INTERACT of type RAGECLICK and DEADCLICK. */
  rage: boolean;
  /** INTERACT of type SUBMIT. */
  submits: boolean;
  /** INTERACT of type CHANGE: select, checkbox, radio, range, date, file. */
  changes: boolean;
  /** SEARCH from search inputs and from addresses with `?q=`. */
  searches: boolean;
  /** INTERACT of type ZOOM, PREVIEW, MOVE, RESIZE, ROTATE, DRAG, DROP. */
  gestures: boolean;
  /** EXDATA `tm.heat`: where the mouse, the finger and the eye were. A file of its own. */
  heatmap: boolean;
  /** RESPONSE from groups marked `data-tm-question`. */
  questions: boolean;
  /** INTERRUPT: hidden, shown, frozen, offline, online. */
  interrupts: boolean;
  /** SHARE from Web Share, copied addresses, share links, downloads. */
  shares: boolean;
  /** ERROR from uncaught errors and rejections. */
  errors: boolean;
  /** METRICS: web vitals. A file of its own. */
  vitals: boolean;
  /** HEARTBEAT at each minute of engaged time. */
  heartbeats: boolean;
}

export interface Options extends Partial<Captures> {
  /** The project's write key, `tmw_…`. */
  key: string;
  /** Where the server is: scheme, name and port, without a path. */
  host: string;
  /** Sunbird's `context.channel`, the tenant. Default: the site's host name. */
  channel?: string;
  /** Sunbird's `context.env`, the area of the app. Default `web`. */
  env?: string;
  /** Sunbird's `context.pdata.id`, the app. Default: the site's host name. */
  app?: string;
  /** Sunbird's `context.pdata.ver`, the app's build. Default `1.0`. */
  appVersion?: string;
  /** Sunbird's `context.pdata.pid`, the part of the app. Default `web`. */
  part?: string;
  /** The highest level of this page. Default: the project's, asked from the server once and then known. */
  level?: Level;
  /** Shows the consent prompt to who has not chosen; until then the level is `security`. Default false. */
  consent?: boolean;
  /** Language of prompt and widget, `en` or `hi`. Default: the page's. */
  language?: string;
  /** Longest time that an event waits for others, ms. Default 10 000. */
  waitMs?: number;
  /** Most events of one request, 1 to 1000. Default 50. */
  batchEvents?: number;
  /** Silence that ends a session, ms; 1 minute to 10 hours. Default 30 minutes. */
  idleMs?: number;
}

/** All calls return at once and never throw. */
export interface Telemetry {
  /** Records the app's own event; `properties` become its properties. */
  track(name: string, properties?: Properties): void;
  /** Records that a page is seen, for apps whose pages have no path of their own. */
  page(pageId: string, edata?: Partial<E.ImpressionEdata>): void;
  /** The visitor is known to the app as `personId` from now on. `properties` describe the person. */
  identify(personId: string | number, properties?: Properties): void;
  /** `other` is another id of the same person. */
  alias(other: string): void;
  /** The visitor logged out; who comes next is somebody else. */
  reset(): void;
  /** The visitor belongs to a group, as `group('school', 'S-12')`. */
  group(type: string, key: string, properties?: Properties): void;
  /** The person's own choice; never above what project and page allow. */
  setLevel(level: Level): void;
  /** The level in force. */
  getLevel(): Level;
  /** Calls `listener` with each new level; returns what ends that. */
  onLevelChange(listener: (level: Level) => void): () => void;
  /** The same as `setLevel('security')`. */
  optOut(): void;
  /** Sends now. True when everything has arrived. */
  flush(): Promise<boolean>;
  /** The app went to the background (web views that do not say so themselves): INTERRUPT, and sends. */
  pause(): void;
  /** The app came back. */
  resume(): void;
  /** What has not arrived yet, as a file for `telemetry import`. */
  exportQueue(): Promise<Blob>;

  start(edata: E.StartEdata): void;
  end(edata: E.EndEdata): void;
  impression(edata: E.ImpressionEdata): void;
  interact(edata: E.InteractEdata): void;
  assess(edata: E.AssessEdata): void;
  response(edata: E.ResponseEdata): void;
  /** `type`: `call`, `background`, `resume`, `OTHER`; free. */
  interrupt(type: string, edata?: Partial<E.InterruptEdata>): void;
  feedback(edata: E.FeedbackEdata): void;
  share(edata: E.ShareEdata): void;
  audit(edata: E.AuditEdata): void;
  error(edata: E.ErrorEdata): void;
  heartbeat(edata: E.HeartbeatEdata): void;
  log(edata: E.LogEdata): void;
  search(edata: E.SearchEdata): void;
  exdata(edata: E.ExdataEdata): void;
  metrics(edata: E.MetricsEdata): void;
  summary(edata: E.SummaryEdata): void;

  /** Version of the SDK. */
  readonly version: string;
}
