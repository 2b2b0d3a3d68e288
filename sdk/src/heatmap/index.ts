/**
 * telemetry-heatmap.js: where the mouse and the finger were, what was in view and for how long. Becomes an event
 * `tm.heat` every 5 s and when the page is hidden; never a text. Fetched at enhanced and full.
 */
import { pageOf } from '../capture/pages';
import { nameOf, targetOf } from '../actions/element';
import { on } from '../guard';
import { begin, type Kit } from '../modules';

/** A sample of movement at most this often, and only where the pointer went somewhere or rested. */
const SAMPLE_MS = 100;
const MOVED_PX = 20;
const RESTED_MS = 300;
const FLUSH_MS = 5000;
/** Attention is counted in steps of so long, while something was done within the last half minute. */
const TICK_MS = 500;
const ATTENTIVE_MS = 30_000;
/** Bands that the page's height is divided into. */
const BANDS = 20;
const POINTS_MAX = 500;
const [CLICK, RAGE, MOVE] = [0, 1, 3];
/** The third click of a row, each this near and this soon after the one before. */
const RAGE_CLICKS = 3;
const RAGE_PX = 30;
const RAGE_MS = 1000;

/** kind, ms since the page was seen, x, y, fixed, element (from 1; 0 none), per mille inside it, ms of rest. */
type Point = [number, number, number, number, number, number, number, number, number];

interface Page {
  u: string;
  pw: number;
  ph: number;
  p: Point[];
  els: string[];
  att: number[];
  max: number;
}

function captureHeat(kit: Kit): void {
  const { view, client, platform, onAddress, onLeave, levelNow } = kit;
  const { document } = view;
  let since = platform.now();
  let page = fresh();
  let activeAt = since;
  let ticking = false;

  function fresh(): Page {
    return { u: view.location.host + pageOf(view.location), pw: 0, ph: 0, p: [], els: [], att: Array(BANDS).fill(0), max: 0 };
  }
  const tell = (): void => {
    const told = page;
    page = fresh();
    if (told.p.length === 0 && !told.att.some(Boolean)) return;
    if (levelNow()! < 2) return;
    told.att = told.att.map((seconds) => Math.round(seconds * 100) / 100);
    client.custom('tm.heat', { v: 1, vw: view.innerWidth, vh: view.innerHeight, pages: [told] });
  };

  /** Sizes and attention, asked when nothing is being drawn. */
  const tick = (): void => {
    ticking = false;
    const { scrollWidth, scrollHeight } = document.documentElement;
    [page.pw, page.ph] = [scrollWidth, scrollHeight];
    const [top, bottom] = [view.scrollY, view.scrollY + view.innerHeight];
    page.max = Math.max(page.max, Math.round(Math.min(bottom, scrollHeight)));
    const attentive = document.visibilityState === 'visible' && document.hasFocus() && platform.now() - activeAt < ATTENTIVE_MS;
    if (!attentive) return;
    const band = scrollHeight / BANDS || 1;
    for (let index = 0; index < BANDS; index += 1) {
      const shown = Math.min(bottom, (index + 1) * band) - Math.max(top, index * band);
      if (shown > 0) page.att[index]! += (TICK_MS / 1000) * (shown / band);
    }
    keepTicking();
  };
  const keepTicking = (): void => {
    if (ticking) return;
    ticking = true;
    platform.later(TICK_MS, () => platform.idle(tick));
  };
  let flushing = false;
  const active = (): void => {
    activeAt = platform.now();
    keepTicking();
    if (flushing) return;
    flushing = true;
    platform.later(FLUSH_MS, () => {
      flushing = false;
      tell();
    });
  };
  const add = (point: Point): void => {
    if (page.p.length < POINTS_MAX) page.p.push(point);
  };

  /** A click and where in its element it was; the browser says the box of an element when it has drawn. */
  const click = (event: MouseEvent, kind: number): void => {
    const element = targetOf(event);
    if (!element) return;
    const { pageX, pageY, clientX, clientY } = event;
    const [now, mine] = [platform.now() - since, page];
    const key = nameOf(element);
    const point = (fixed: boolean, ex: number, ey: number): void => {
      if (!mine.els.includes(key)) mine.els.push(key);
      const [x, y] = fixed ? [clientX, clientY] : [pageX, pageY];
      mine.p.push([kind, now, Math.round(x), Math.round(y), +fixed, mine.els.indexOf(key) + 1, ex, ey, 0]);
    };
    if (!view.IntersectionObserver || mine.p.length >= POINTS_MAX) return;
    const watch = new view.IntersectionObserver(([entry]) => {
      watch.disconnect();
      const { left, top, width, height } = entry!.boundingClientRect;
      const part = (at: number, size: number): number => Math.round(1000 * Math.min(Math.max(size ? at / size : 0, 0), 1));
      point(isFixed(view, element), part(clientX - left, width), part(clientY - top, height));
    });
    watch.observe(element);
  };

  let row = { count: 0, x: 0, y: 0, at: 0 };
  on(document, 'click', (event) => {
    const { pageX: x, pageY: y } = event as MouseEvent;
    const now = platform.now();
    active();
    const goesOn = Math.abs(x - row.x) + Math.abs(y - row.y) < RAGE_PX && now - row.at < RAGE_MS;
    row = { count: goesOn ? row.count + 1 : 1, x, y, at: now };
    click(event as MouseEvent, CLICK);
    if (row.count === RAGE_CLICKS) click(event as MouseEvent, RAGE);
  });
  let last = { x: -1e4, y: -1e4, at: 0 };
  on(document, 'pointermove touchmove', (event) => {
    const now = platform.now();
    if (now - last.at < SAMPLE_MS) return;
    const { pageX: x, pageY: y } = event.type === 'touchmove' ? (event as TouchEvent).touches[0]! : (event as PointerEvent);
    const rest = now - last.at;
    if (Math.abs(x - last.x) + Math.abs(y - last.y) < MOVED_PX && rest < RESTED_MS) return;
    active();
    add([MOVE, now - since, Math.round(x), Math.round(y), 0, 0, 0, 0, Math.min(rest, 10_000)]);
    last = { x, y, at: now };
  });
  on(document, 'scroll keydown', active);
  onLeave.push(tell);
  onAddress.push(() => {
    tell();
    since = platform.now();
  });
  active();
}

function isFixed(view: Window, element: Element): boolean {
  for (let node: Element | null = element; node; node = node.parentElement) {
    if (/^(fixed|sticky)$/.test(view.getComputedStyle(node).position)) return true;
  }
  return false;
}

begin('heatmap', captureHeat);
