/**
 * The level in force: the lowest of what the page and the project allow, what the browser signals, and what the person
 * has chosen. Known before anything is stored or sent.
 */
import type { Level, Options } from './api';
import type { Platform } from './platform';
import type { KeyValue } from './storage';

/** Lowest first; the index is the level's number. */
export const LEVELS: readonly Level[] = ['security', 'basic', 'enhanced', 'full'];
const [BASIC, FULL] = [1, 3];

/** The choice, for all projects of the site: `<level> <instant>`. */
const CHOICE = 'tm_level';
/** A choice is asked for again after a year. */
const CHOICE_MS_MAX = 365 * 24 * 60 * 60 * 1000;
/** A server that does not answer must not hold the events for longer. */
const ANSWER_MS_MAX = 5 * 1000;

export interface Consent {
  /** Decides what can be decided now, and asks the server for the rest; again when another tab has news. */
  begin(): void;
  /** Waits no longer: what is not known is basic. */
  settle(): void;
  /** The level in force; undefined for a moment on the first visit, until the server has told the project's. */
  levelNow(): number | undefined;
  /** What the person could choose at most; undefined like `level`. */
  highest(): number | undefined;
  /** Whether the person has chosen, and the choice still holds. */
  chosen(): boolean;
  /** The person's choice. */
  choose(level: Level): void;
}

/** `-1` becomes the lowest: what cannot be understood allows nothing. */
const rank = (name: unknown): number => Math.max(0, LEVELS.indexOf(name as Level));

/** `changed` hears of each new level and, but for the first, of the one before; `settled` that the server has spoken. */
export function createConsent(
  view: Window & typeof globalThis,
  local: KeyValue,
  options: Options,
  platform: Platform,
  changed: (now: number, before: number | undefined) => void,
  settled: () => void,
): Consent {
  const known = `tm_${options.key}_cap`;
  /** What the server said, for a page that does not know it from before. */
  let told: Level | undefined;
  let level: number | undefined;

  /** What the person wants, and whether that is a choice which still holds. */
  const choice = (): [wanted: number, holds: boolean] => {
    const [name, at] = (local.get(CHOICE) || '').split(' ');
    const holds = platform.now() - Number(at) <= CHOICE_MS_MAX;
    // What was chosen long ago allows no more than the least; a refusal holds for ever.
    return [name ? Math.min(rank(name), holds ? FULL : BASIC) : options.consent ? 0 : FULL, holds];
  };

  const highest = (cap = options.level || local.get(known) || told): number | undefined => {
    const { globalPrivacyControl, doNotTrack } = view.navigator as Navigator & { globalPrivacyControl?: boolean };
    return cap ? Math.min(rank(cap), globalPrivacyControl || doNotTrack === '1' ? BASIC : FULL) : undefined;
  };

  const decide = (): void => {
    const [wanted] = choice();
    const cap = wanted && highest();
    if (cap === undefined) return;
    const next = Math.min(cap, wanted);
    if (next === level) return;
    const before = level;
    level = next;
    changed(next, before);
  };

  const settle = (): void => {
    told = told || 'basic';
    decide();
    settled();
  };

  const ask = async (): Promise<void> => {
    try {
      const answer = await view.fetch(`${options.host}/v1/telemetry/level?key=${encodeURIComponent(options.key)}`);
      if (answer.ok) {
        told = ((await answer.json()) as { level: Level }).level;
        // Below enhanced the device keeps nothing but the choice.
        if (Math.min(highest(told)!, choice()[0]) > BASIC) local.set(known, told);
        else local.remove(known);
      }
    } catch {
      // Offline: what was known goes on.
    }
    settle();
  };

  return {
    begin: () => {
      decide();
      if (options.level) return;
      platform.idle(ask);
      platform.later(ANSWER_MS_MAX, settle);
    },
    settle,
    levelNow: () => level,
    highest,
    chosen: () => choice()[1],
    choose: (next) => {
      local.set(CHOICE, `${next} ${platform.now()}`);
      decide();
    },
  };
}
