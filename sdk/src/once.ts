/**
 * One SDK for each project of a page, however often a framework asks: components are made twice in development, and
 * servers render pages that have no window.
 */
import type { Options, Telemetry } from './api';
import { init } from './index';

const made = new Map<string, Telemetry>();
let silence: Telemetry | undefined;

/** The SDK of `options.key` at `options.host`, begun on first use. Where there is no page it is silent. */
export function once(options: Options): Telemetry {
  if (typeof window === 'undefined') return (silence ??= silent());
  const name = `${options.key}@${options.host}`;
  let telemetry = made.get(name);
  if (!telemetry) {
    telemetry = init(options);
    made.set(name, telemetry);
  }
  return telemetry;
}

/** A Telemetry that records nothing: what components get while a server renders them. */
export function silent(): Telemetry {
  const answers: Partial<Telemetry> = {
    version: '',
    getLevel: () => 'security',
    onLevelChange: () => () => undefined,
    flush: () => Promise.resolve(true),
    exportQueue: () => Promise.resolve(new Blob([])),
  };
  return new Proxy(answers as Telemetry, {
    get: (known, name) => known[name as keyof Telemetry] ?? (() => undefined),
  });
}
