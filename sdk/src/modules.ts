/**
 * The parts that are fetched when they are needed: each a file of its own beside telemetry.js.
 *
 * A part finds what it works with in `window.tm_<name>`, a list that is emptied by the file when it has arrived.
 */
import type { Capture, Early } from './capture/context';
import type { Level, Options } from './api';
import type { Consent } from './consent';

export type ModuleName = 'actions' | 'heatmap' | 'vitals' | 'feedback' | 'consent';

/** What a part works with. */
export interface Kit extends Capture {
  readonly options: Options;
  readonly consent: Consent;
  /** The person's choice; `source` says where it was made. */
  choose(level: Level, receipt: { source: string; language?: string; notice?: string }): void;
  onLevel(listener: (level: Level) => void): () => void;
}

type Shelf = Record<string, Kit[] | undefined>;

/** Fetches `name` and gives it `kit`. `nonce` is that of our own script tag, for a strict CSP. */
export function loadModule(kit: Kit, host: string, name: ModuleName, nonce: string | undefined): Element {
  const { view } = kit;
  const shelf = view as unknown as Shelf;
  (shelf[`tm_${name}`] = shelf[`tm_${name}`] || []).push(kit);
  const script = view.document.createElement('script');
  script.nonce = nonce || '';
  script.src = `${host}/telemetry-${name}.js`;
  return view.document.head.appendChild(script);
}

/** For a part's file: starts it with each kit that waits. */
export function begin(name: ModuleName, start: (kit: Kit) => void): void {
  for (const kit of ((window as unknown as Shelf)[`tm_${name}`] || []).splice(0)) {
    try {
      start(kit);
    } catch {
      // A part that fails is missed; the page is not to notice.
    }
  }
}

/** For a part's file: what came before it, of the types that are its own. */
export function takeEarly(kit: Kit, types: string): Early[] {
  for (const type of types.split(' ')) kit.heard.add(type);
  const mine = kit.early.filter(({ event }) => kit.heard.has(event.type));
  kit.early = kit.early.filter(({ event }) => !kit.heard.has(event.type));
  return mine;
}
