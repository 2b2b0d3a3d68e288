/**
 * Small texts kept on the device: `localStorage` where it may be used, else memory. A page where storage is denied still
 * sends its events, they only do not outlive the page.
 */
import { guarded } from './guard';

export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** The keys that begin with `start`, without it, sorted. */
  keys(start: string): string[];
}

/** `localStorage`; undefined when even asking for it is refused. */
export const deviceStorage = guarded((view: Window): Storage => {
  // The getter itself throws in sandboxed frames and when site data is blocked; some browsers throw only on write.
  const storage = view.localStorage;
  storage.setItem('tm_probe', '1');
  storage.removeItem('tm_probe');
  return storage;
});

/** The texts of `place()` under `prefix`, so that two projects on one site never meet; memory while there is no place. */
export function keyValue(place: () => Storage | undefined, prefix: string): KeyValue {
  // Also for what a full disk refuses: ids must not change within a page.
  const spare = new Map<string, string>();
  const within = (keys: Iterable<string>, start: string): string[] =>
    [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  return {
    get: (key) => {
      const storage = place();
      const text = spare.get(key);
      return text === undefined ? (storage ? storage.getItem(prefix + key) : null) : text;
    },
    set: (key, value) => {
      const storage = place();
      spare.set(key, value);
      try {
        if (storage) {
          storage.setItem(prefix + key, value);
          spare.delete(key);
        }
      } catch {
        // No room: it stays in memory.
      }
    },
    remove: (key) => {
      const storage = place();
      spare.delete(key);
      if (storage) storage.removeItem(prefix + key);
    },
    keys: (start) => within(spare.keys(), start).concat(within(Object.keys(place() || {}), prefix + start)).sort(),
  };
}
