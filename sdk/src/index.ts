/**
 * Telemetry's browser SDK: everything a visitor does, as Sunbird telemetry v3 events, kept until it has arrived.
 *
 *     import { init } from '@telemetry/web';
 *     const telemetry = init({ key: 'tmw_…', host: 'https://telemetry.school.in' });
 *     telemetry.track('leave_requested', { days: 2 });
 *
 * No call throws, waits or returns an error: a page must not break because somebody watches it.
 */
import type { Captures, Level, Options, Telemetry } from './api';
import { capturePages } from './capture/pages';
import { createClient } from './client';
import { LEVELS } from './consent';
import { SDK_VERSION } from './event';
import { guarded, on } from './guard';
import { FIELDS } from './levels';
import { loadModule, type Kit, type ModuleName } from './modules';
import { browserPlatform } from './platform';
import { createSender, ENHANCED } from './sender';
import { createSessions, IDLE_MS_MAX } from './session';

export type { Captures, Level, Options, Telemetry } from './api';
export type * from './edata';
export type { Json, Properties } from './event';

/** Limits of `idleMs`: a minute, ten hours. */
const [IDLE_MS_LEAST, IDLE_MS_MOST] = [60_000, 36_000_000];
/** Clicks and errors that wait for the part that tells of them. */
const EARLY_MAX = 20;

/** Begins to watch this page. */
export function init(given: Options, view: Window & typeof globalThis = window): Telemetry {
  const options = { ...given, host: given.host.replace(/\/+$/, '') };
  const { host } = options;
  const { document, location } = view;
  const nonce = ((document.currentScript || {}) as HTMLScriptElement).nonce;
  const platform = browserPlatform(view);
  const site = location.hostname || 'web';
  const listeners = new Set<(level: Level) => void>();

  const { consent, local, identity, queue, delivery } = createSender(view, options, platform, changed, parts);
  const level = consent.levelNow;
  const idleMs = Math.min(Math.max(options.idleMs || IDLE_MS_MAX, IDLE_MS_LEAST), IDLE_MS_MOST);
  const wants = (what: keyof Captures): boolean => options[what] !== false;
  const client = createClient({
    origin: {
      channel: options.channel || site,
      pdata: { id: options.app || site, ver: options.appVersion || '1.0', pid: options.part || 'web' },
      env: options.env || 'web',
    },
    platform,
    local,
    queue,
    sessions: createSessions(local, platform, idleMs),
    identity,
    delivery,
    levelNow: level,
    heartbeats: wants('heartbeats'),
  });
  const loaded: Partial<Record<ModuleName, unknown>> = {};
  const kit: Kit = {
    view,
    client,
    platform,
    options,
    levelNow: level,
    wants,
    onAddress: [],
    onLeave: [
      // A page that is left before the part came: less is told of its clicks.
      () => {
        for (const { event, target, at } of kit.early.splice(0)) {
          const { id, localName } = target as Element;
          if (event.type === 'click' && wants('clicks')) client.emit('INTERACT', { type: 'CLICK', id: id || localName }, at);
        }
      },
    ],
    flush: () => undefined,
    early: [],
    heard: new Set(),
    calls: [],
    more: (...one) => void kit.calls.push(one),
    inView: (then) => then([]),
    consent,
    choose,
    onLevel: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const need = guarded((part: ModuleName): void => {
    loaded[part] = loaded[part] || loadModule(kit, host, part, nonce);
  });

  function changed(now: number, before: number | undefined): void {
    if (before! > now) client.reset();
    else client.leveled();
    // The page that the person said yes on is seen from now on.
    if (before === 0) kit.onAddress.forEach((tell) => tell('restore'));
    platform.idle(parts);
    listeners.forEach((listener) => guarded(listener)(LEVELS[now]!));
  }
  /** What the level allows and the page wants is fetched when the page has nothing better to do. */
  function parts(): void {
    if (level() && (wants('vitals') || wants('errors'))) need('vitals');
    if (level()! >= ENHANCED) {
      need('actions');
      if (wants('heatmap')) need('heatmap');
    }
    if (options.consent && consent.highest() && !consent.chosen()) need('consent');
  }

  function choose(next: Level, receipt: object = { source: 'call' }): void {
    const from = telemetry.getLevel();
    consent.choose(next);
    client.custom('$level_changed', { level: next, from, ...receipt });
    void delivery.flush();
  }

  const watch = guarded(() => {
    // Left before the level is known: the little that is always allowed is told.
    on(view, 'pagehide', consent.settle);
    capturePages(kit);
    on(view, 'click error unhandledrejection', (event) => {
      const target = event.composedPath()[0] as Element;
      const near = (mark: string): boolean => event.type === 'click' && !!target.closest(`[data-tm-${mark}]`);
      if (!kit.heard.has(event.type) && kit.early.length < EARLY_MAX && !near('ignore')) kit.early.push({ event, target, at: platform.now() });
      if (near('feedback')) need('feedback');
    });
    consent.begin();
  });
  // A page that the browser renders ahead is not seen, and may never be.
  if ((document as Document & { prerendering?: boolean }).prerendering) on(document, 'prerenderingchange', watch);
  else watch();

  /** A call of the app: after what was seen before it, and never with an error. */
  const call = <Args extends unknown[], Result>(action: (...args: Args) => Result): ((...args: Args) => Result) =>
    guarded((...args: Args) => {
      kit.flush();
      return action(...args);
    }) as (...args: Args) => Result;
  const telemetry = {
    track: call(client.track),
    page: call((pageId, edata) => client.impression(String(pageId), { uri: location.pathname, subtype: 'call', ...edata })),
    impression: call((edata) => client.impression(edata.pageid, edata)),
    identify: call(client.identify),
    alias: call((...args) => kit.more('alias', args)),
    group: call((...args) => kit.more('group', args)),
    reset: call(client.reset),
    setLevel: call((next) => choose(next)),
    getLevel: () => LEVELS[level() || 0]!,
    onLevelChange: kit.onLevel,
    optOut: call(() => choose('security')),
    flush: call(() => delivery.flush()),
    interrupt: call((type, edata) => client.emit('INTERRUPT', { ...edata, type })),
    pause: call(() => {
      client.emit('INTERRUPT', { type: 'background' });
      client.hide();
    }),
    resume: call(() => {
      client.show();
      client.emit('INTERRUPT', { type: 'resume' });
    }),
    exportQueue: async () => {
      const file = new Blob([await delivery.unsent()]);
      client.emit('SHARE', { dir: 'Out', type: 'File', items: [{ id: 'queue', type: 'telemetry' }] });
      return file;
    },
    version: SDK_VERSION,
  } as Telemetry;
  // One call for each event type that has none of its own.
  for (const eid of Object.keys(FIELDS)) {
    const name = eid.toLowerCase() as 'start';
    if (/^[A-Z]/.test(eid) && !telemetry[name]) telemetry[name] = call((edata) => client.emit(eid, { ...edata }));
  }
  return telemetry;
}
