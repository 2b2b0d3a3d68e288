/**
 * What each Sunbird telemetry v3 event says about itself (`edata`), typed. Times are seconds where Sunbird says seconds;
 * instants are Unix epoch in ms. What a collection level does not allow is taken out before it is stored or sent.
 */

/** Text, numbers, lists: what survives JSON. */
export type Free = Record<string, unknown>;

/** A thing acted on. */
export interface Target {
  id: string;
  ver: string;
  type: string;
  parent?: { id: string; type: string };
}

/** The plugin of a player or editor that acted. */
export interface Plugin {
  id: string;
  ver: string;
  category?: string;
}

/** An object named inside an event. */
export interface InlineObject {
  id: string;
  type: string;
  ver: string;
  subtype?: string;
  name?: string;
  code?: string;
  parent?: { id: string; type: string };
}

/** An item that was in view. */
export interface Visit {
  objid: string;
  objtype: string;
  objver?: string;
  section?: string;
  /** Place in the list, from 0. */
  index?: number;
}

/** A question that was asked. */
export interface Question {
  id: string;
  maxscore?: number;
  /** Expected time for an answer, seconds. */
  exlength?: number;
  params?: Free[];
  uri?: string;
  desc?: string;
  title?: string;
  mmc?: string[];
  mc?: string[];
}

/** START: an app, a session, a player, an editor or a test begins. */
export interface StartEdata {
  type: string;
  mode?: string;
  pageid?: string;
  /** How long it took to load, seconds. */
  duration?: number;
  loc?: string;
  dspec?: Free;
  uaspec?: Free;
}

/** END of what a START began. */
export interface EndEdata {
  type: string;
  mode?: string;
  /** Seconds since the START. */
  duration?: number;
  pageid?: string;
  summary?: Free[];
}

/** IMPRESSION: a page is seen. */
export interface ImpressionEdata {
  /** `view`, `list`, `detail`, `edit`, `workflow`, `search`; free. */
  type: string;
  pageid: string;
  uri: string;
  subtype?: string;
  /** How long the page took to load, seconds. */
  duration?: number;
  visits?: Visit[];
}

/** INTERACT: a click, a touch, a choice, a gesture. */
export interface InteractEdata {
  /** `CLICK`, `TOUCH`, `DRAG`, `ZOOM`…; free. */
  type: string;
  id: string;
  subtype?: string;
  pageid?: string;
  /** Seconds. */
  duration?: number;
  target?: Target;
  plugin?: Plugin;
  /** Open: `pos` is `[{x, y, z}]`, `values` a list. */
  extra?: Free;
}

/** ASSESS: a question was answered and marked. */
export interface AssessEdata {
  item: Question;
  pass: 'Yes' | 'No';
  score: number;
  resvalues: Free[];
  /** Seconds. */
  duration: number;
  index?: number;
}

/** RESPONSE: a question or a poll was answered. */
export interface ResponseEdata {
  target: Target;
  /** `CHOOSE`, `DRAG`, `SELECT`, `MATCH`, `INPUT`, `SPEAK`, `WRITE`; free. */
  type: string;
  values: Free[];
}

/** INTERRUPT: something came between; the type is the first argument of `interrupt`. */
export interface InterruptEdata {
  type: string;
  pageid?: string;
}

/** FEEDBACK: a rating, a comment, or both. */
export interface FeedbackEdata {
  rating?: number;
  comments?: string;
}

/** One thing that was shared. */
export interface ShareItem {
  id?: string;
  type?: string;
  ver?: string;
  params?: Free[];
  origin?: { id?: string; type?: string };
  to?: { id?: string; type?: string };
}

/** SHARE: something left the app, or came in. */
export interface ShareEdata {
  items: ShareItem[];
  dir?: 'In' | 'Out';
  /** `File`, `Link`, `Message`; free. */
  type?: string;
}

/** AUDIT: an object was changed. */
export interface AuditEdata {
  /** Names of what changed. */
  props?: string[];
  state?: string;
  prevstate?: string;
}

/** ERROR. */
export interface ErrorEdata {
  /** Its code or kind. */
  err: string;
  /** `SYSTEM`, `MOBILEAPP`, `CONTENT`; free. */
  errtype: string;
  stacktrace: string;
  pageid?: string;
  object?: InlineObject;
  plugin?: Plugin;
}

/** HEARTBEAT: still there. Open. */
export type HeartbeatEdata = Free;

/** LOG: what the app wants to be known about itself. */
export interface LogEdata {
  type: string;
  level: string;
  message: string;
  pageid?: string;
  params?: Free[];
}

/** SEARCH. */
export interface SearchEdata {
  query: string;
  /** How many results there were; -1 where that is not known. */
  size: number;
  /** The first results. */
  topn: Free[];
  type?: string;
  correlationid?: string;
  filters?: Free;
  sort?: Free;
}

/** EXDATA: opaque texts; with a `type` it is an event of that name whose properties are the JSON in `data`. */
export interface ExdataEdata {
  type?: string;
  data?: string;
}

/** METRICS: numbers about the app itself. */
export interface MetricsEdata {
  system: string;
  subsystem: string;
  metrics?: { metric: string; value: number }[];
}

/** SUMMARY of a stretch of use that the app made itself. */
export interface SummaryEdata {
  type: string;
  /** Epoch, ms. */
  starttime: number;
  /** Epoch, ms. */
  endtime: number;
  /** Seconds. */
  timespent: number;
  pageviews: number;
  interactions: number;
  mode?: string;
  extra?: { id: string; value: string }[];
}
