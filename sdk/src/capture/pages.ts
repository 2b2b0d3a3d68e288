/**
 * What the visitor sees, when they leave and come back.
 *
 * Touches nothing of the page but `history.pushState` and `replaceState`, which have no event of their own.
 */
import type { Visit } from '../edata';
import { guarded, on } from '../guard';
import type { Capture } from './context';

/** A single-page app needs a moment to draw what it has just named. */
const DRAWN_MS = 250;
/** Scrolling and typing fire often; once a second is enough. */
const ACTIVE_MS = 1000;

/** The page's name: its path, and the route where the app keeps it in the hash. Never the query: it may hold secrets. */
export function pageOf(location: { pathname: string; hash: string }): string {
  return location.pathname + (/^#!?\/[^?]*/.exec(location.hash) || [''])[0];
}

/** Begins with this page. */
export function capturePages(capture: Capture): void {
  const { view, client, platform, wants } = capture;
  const { document, location, history } = view;
  let seen = '';
  let pending: (() => void) | undefined;

  /** Tells the page that was seen before anything else is told of it. */
  const tell = (): void => {
    const now = pending;
    pending = undefined;
    if (now) now();
  };
  const look = (subtype: string): void => {
    const page = pageOf(location);
    if (page === seen && subtype !== 'restore') return;
    tell();
    seen = page;
    const at = platform.now();
    let visits: Visit[] = [];
    pending = () => client.impression(page, { subtype, ...(visits[0] && { visits }) }, at);
    // What is in view can be told when the page is drawn, and by the part that can see it.
    if (subtype === 'load' && !document.querySelector('[data-tm-visit]')) return tell();
    const mine = pending;
    platform.later(DRAWN_MS, () =>
      capture.inView((found) => {
        visits = found;
        if (pending === mine) tell();
      }),
    );
  };
  capture.flush = guarded(tell);

  client.start(pageOf(location));
  capture.onAddress.push((subtype) => wants('pages') && look(subtype));
  const changed = (subtype: string): void => capture.onAddress.forEach((listener) => guarded(listener)(subtype));
  for (const [method, subtype] of [['pushState', 'push'], ['replaceState', 'replace']] as const) {
    const original = history[method];
    // Whoever wraps it next, or wrapped it before, keeps working.
    history[method] = function (this: History, ...args: Parameters<History['pushState']>) {
      original.apply(this, args);
      changed(subtype);
    };
  }
  on(view, 'popstate', () => changed('pop'));
  on(view, 'hashchange', () => changed('hash'));
  changed('load');
  watchPresence(capture, changed);
}

/** Engaged time, scroll depth, hiding, leaving and coming back. */
function watchPresence({ view, client, platform, wants, flush, onLeave }: Capture, changed: (subtype: string) => void): void {
  const { document } = view;
  let gone = false;
  let busy = false;

  const present = (): void => client.attend(!document.hidden && document.hasFocus());
  const part = (): void => [flush, ...onLeave].forEach((tell) => tell());
  /** The session goes on; how far the page was scrolled is asked when nothing is being drawn, so it costs no layout. */
  const active = (): void => {
    if (busy) return;
    busy = true;
    const look = guarded(() => {
      busy = false;
      if (gone) return;
      client.touch();
      const { scrollHeight } = document.documentElement;
      if (scrollHeight) client.scrolled(Math.round((100 * (view.scrollY + view.innerHeight)) / scrollHeight));
    });
    platform.later(ACTIVE_MS, () => platform.idle(look));
  };
  active();
  on(document, 'scroll keydown pointerdown pointermove', active);
  on(view, 'focus blur', present);

  on(document, 'visibilitychange', () => {
    // A page that is left tells of its hiding after it has ended.
    if (gone) return;
    part();
    present();
    const { hidden } = document;
    if (wants('interrupts')) client.emit('INTERRUPT', { type: hidden ? 'background' : 'resume' });
    if (hidden) client.hide();
    else client.show();
  });
  on(view, 'pagehide', () => {
    part();
    gone = true;
    client.leave();
  });
  on(view, 'pageshow', (event) => {
    if (!(event as PageTransitionEvent).persisted) return;
    gone = false;
    client.show();
    changed('restore');
  });
}
