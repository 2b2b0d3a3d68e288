/**
 * Sunbird's SDK in a page: where its events go, and the `TelemetryEvent`s of the document.
 */
import { guarded } from '../guard';
import { browserPlatform, uuid7 } from '../platform';
import type { CompleteConfig } from './config';
import type { WholeEvent } from './event';
import { openOutlet } from './outlet';
import { SunbirdTelemetry } from './telemetry';

/** The DOM event of Sunbird's SDK: one for each event, on `document`, with the event as its `detail`. */
const DOM_EVENT = 'TelemetryEvent';
/** A write key of ours, as opposed to a gateway's token. */
const WRITE_KEY = /^tmw_/;

type View = Window & typeof globalThis;

/** What the script tag says, if there is one. */
export interface Tag {
  key: string;
  host: string;
  /** Where the script came from. */
  origin: string;
}

/** Makes the SDK of `view` and begins to listen to the document. */
export function watch(view: View, tag: Tag): SunbirdTelemetry {
  const platform = browserPlatform(view);
  const told = new WeakSet<object>();
  const { document } = view;
  const telemetry = new SunbirdTelemetry({
    now: () => platform.now(),
    id: () => uuid7(platform),
    open: (config) => {
      const address = { host: hostOf(view, tag, config), key: keyOf(tag, config), channel: config.channel };
      return openOutlet(view, { ...address, batchEvents: config.batchsize });
    },
    tell: (event: WholeEvent) => {
      told.add(event);
      document.dispatchEvent(new view.CustomEvent(DOM_EVENT, { detail: event }));
    },
    warn: (text) => view.console.warn(text),
  });
  // The page may dispatch events that it made itself; ours come by here too.
  document.addEventListener(
    DOM_EVENT,
    guarded((event: Event) => {
      const detail: unknown = (event as CustomEvent).detail;
      if (typeof detail === 'object' && detail !== null && !told.has(detail)) telemetry.take(detail);
    }),
  );
  return telemetry;
}

/**
 * The server: what the tag says; else where the script came from, unless that is the page's own site, which serves a
 * copy of it; then what the app configured.
 */
export function hostOf(view: { location: { origin: string } }, tag: Tag, config: Pick<CompleteConfig, 'host'>): string {
  const ownCopy = !tag.origin || tag.origin === view.location.origin;
  const host = tag.host || (ownCopy ? config.host : tag.origin) || tag.origin || view.location.origin;
  return host.replace(/\/+$/, '');
}

function keyOf(tag: Tag, config: CompleteConfig): string {
  return tag.key || (WRITE_KEY.test(config.authtoken) ? config.authtoken : '');
}
