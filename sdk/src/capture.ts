/**
 * Watches the page: what the visitor sees and clicks, when they leave and come back.
 *
 * Touches nothing of the page but `history.pushState` and `replaceState`, which have no event of their own. Every
 * listener is passive and guarded: an error in here stays in here.
 */
import type { Client } from './client';

export interface CaptureOptions {
  /** IMPRESSION at load and at each change of the path. */
  pages: boolean;
  /** INTERACT at each click. */
  clicks: boolean;
}

/** Elements that a click is about, when it lands on something inside them. */
const CLICKABLE =
  '[data-tm-id],a[href],button,input,select,textarea,label,summary,option,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]';
/** Deep enough to tell siblings apart, short enough to stay the same when the page around it changes. */
const PATH_LEVELS_MAX = 5;
/** Scrolling and typing fire often; the session needs to know every few seconds at most. */
const TOUCH_MS_MIN = 5000;

/** Runs `action`; the page never sees it fail. */
export function guarded<Args extends unknown[], Result>(
  action: (...args: Args) => Result,
): (...args: Args) => Result | undefined {
  return (...args) => {
    try {
      return action(...args);
    } catch {
      return undefined;
    }
  };
}

/** Begins to watch `view`. `now` is the device's clock in ms. */
export function capture(view: Window, client: Client, options: CaptureOptions, now: () => number): void {
  const { document, location, history } = view;
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, guarded(listener), { capture: true, passive: true });

  let seen = '';
  const look = (subtype: string): void => {
    const page = pageOf(location);
    if (page === seen && subtype !== 'restore') return;
    seen = page;
    client.impression(page, page, subtype);
  };

  const watch = (): void => {
    client.start(pageOf(location));
    if (options.pages) {
      look('load');
      wrap(history, 'pushState', () => look('push'));
      wrap(history, 'replaceState', () => look('replace'));
      on(view, 'popstate', () => look('pop'));
      on(view, 'hashchange', () => look('hash'));
    }
    if (options.clicks) on(document, 'click', (event) => click(client, event as MouseEvent));

    let touchedAt = now();
    for (const type of ['scroll', 'keydown', 'pointerdown']) {
      on(document, type, () => {
        if (Math.abs(now() - touchedAt) < TOUCH_MS_MIN) return;
        touchedAt = now();
        client.touch();
      });
    }

    on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? client.hide() : client.show()));
    on(view, 'pagehide', () => client.leave());
    on(view, 'pageshow', (event) => {
      if (!(event as PageTransitionEvent).persisted) return;
      client.restore();
      if (options.pages) look('restore');
    });
    on(view, 'online', () => client.delivery.online());
  };

  // A page that the browser renders ahead is not seen, and may never be.
  if ((document as Document & { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', guarded(watch), { once: true });
  } else {
    watch();
  }
}

/** The page's name: its path, and the route where the app keeps it in the hash. Never the query: it may hold secrets. */
export function pageOf(location: { pathname: string; hash: string }): string {
  const route = /^#!?\/[^?]*/.exec(location.hash);
  return location.pathname + (route ? route[0] : '');
}

/** Calls `after` once the page's own call is through; whoever wraps it next, or wrapped it before, keeps working. */
function wrap(history: History, method: 'pushState' | 'replaceState', after: () => void): void {
  const original = history[method];
  const tell = guarded(after);
  history[method] = function (this: History, ...args: Parameters<History['pushState']>) {
    original.apply(this, args);
    tell();
  };
}

function click(client: Client, event: MouseEvent): void {
  const inner = event.composedPath()[0];
  if (!(inner instanceof Element) || inner.closest('[data-tm-ignore]')) return;
  const element = inner.closest(CLICKABLE) ?? inner;
  client.click(nameOf(element), element.localName, Math.round(event.pageX), Math.round(event.pageY));
}

/** A name that survives a new build of the page: what the developer gave, else the place in the tree. No text. */
export function nameOf(element: Element): string {
  const path: string[] = [];
  for (let node: Element | null = element; node && path.length < PATH_LEVELS_MAX; node = node.parentElement) {
    const given = node.getAttribute('data-tm-id') || node.id;
    if (given) {
      path.unshift(path.length > 0 ? `#${given}` : given);
      break;
    }
    path.unshift(step(node));
  }
  return path.join('>');
}

/** `button:2`: the second button among its siblings; the number is left out where there is only one. */
function step(node: Element): string {
  const alike = [...(node.parentElement?.children ?? [])].filter((sibling) => sibling.localName === node.localName);
  return alike.length > 1 ? `${node.localName}:${alike.indexOf(node) + 1}` : node.localName;
}
