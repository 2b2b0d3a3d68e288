/**
 * Events that have not arrived yet.
 *
 * An event is first written to the journal (localStorage: at once, it survives the tab) and moved from there into the
 * depot (IndexedDB: room for days) before the network is tried. Both are shared by all tabs of the site: whoever sends
 * takes everything. Without a depot the journal is the queue; without localStorage it is memory.
 *
 * The key of an event is `<priority><uuid7>.<length>`: the same event has one key wherever it is written twice, what
 * matters more goes first, and what is left over longest can be told without reading it.
 */
import type { Depot } from './depot';
import type { KeyValue } from './storage';

/** In UTF-16 units, of which a browser may need two bytes each: at most 5 MB. */
export const DEPOT_CHARS_MAX = 2.5 * 1024 * 1024;
/** The host page shares 5 MB of localStorage with us. */
export const JOURNAL_CHARS_MAX = 512 * 1024;

/** Prefix of the journal's keys in the storage. */
export const ENTRY = 'q/';
const EVICTED = 'evicted';

export interface Queue {
  /** Writes an event down; `mid` is `<EID>:<uuid7>`. Low priority is given up first when there is no room. */
  push(mid: string, text: string, low: boolean): void;
  /** How many events this page has written that no `load` has moved. */
  fresh(): number;
  /** Moves the journal into the depot and returns the keys of all that waits, first to go first. */
  load(): Promise<string[]>;
  /** The events of `keys`, undefined for one that another tab has sent. */
  read(keys: readonly string[]): Promise<(string | undefined)[]>;
  remove(keys: readonly string[]): Promise<void>;
  /** What this page has to see off, without waiting: what it wrote and what its last `load` took over. For a page that is about to go. */
  own(): string[];
  /** What `load` took over waits for another turn, perhaps of another page. */
  rest(): void;
  /** The text of such a key. */
  written(key: string): string;
  /** Events given up for want of room and not yet reported. */
  lostCount(): number;
  /** `count` more were given up; fewer, when they were reported. */
  lost(count: number): void;
}

/** The length in a key. */
export const lengthOf = (key: string): number => Number(key.split('.')[1]) || 0;

/** `open` gives the depot when it may be used at the level in force. */
export function createQueue(local: KeyValue, open: () => Promise<Depot | undefined>): Queue {
  const mine = new Set<string>();
  /** On its way from the journal to the server. A page may go at any moment of it and must not ask the depot then. */
  const moving = new Map<string, string>();
  const journal: Depot = {
    keys: async () => local.keys(ENTRY),
    read: async (keys) => keys.map(written),
    change: async (put, remove) => {
      for (const [key, text] of put) local.set(ENTRY + key, text);
      remove.forEach(forget);
    },
    destroy: () => undefined,
  };
  let current = journal;
  const written = (key: string): string => local.get(ENTRY + key) || moving.get(key) || '';

  function forget(key: string): void {
    mine.delete(key);
    local.remove(ENTRY + key);
  }

  const lostCount = (): number => Number(local.get(EVICTED)) || 0;
  const lost = (more: number): void => {
    const left = lostCount() + more;
    if (left > 0) local.set(EVICTED, String(left));
    else local.remove(EVICTED);
  };

  /** Gives up the oldest of low priority, then the oldest, until the rest fits. */
  const makeRoom = async (keys: string[]): Promise<string[]> => {
    const most = current === journal ? JOURNAL_CHARS_MAX : DEPOT_CHARS_MAX;
    let chars = keys.reduce((sum, key) => sum + lengthOf(key), 0);
    if (chars <= most) return keys;
    const gone: string[] = [];
    for (const key of [...keys].sort((a, b) => +b[0]! - +a[0]!)) {
      if (chars <= most) break;
      gone.push(key);
      chars -= lengthOf(key);
    }
    await current.change([], gone);
    lost(gone.length);
    return keys.filter((key) => !gone.includes(key));
  };

  const load = async (): Promise<string[]> => {
    current = (await open().catch(() => undefined)) || journal;
    try {
      if (current !== journal) {
        const moved = local.keys(ENTRY);
        for (const key of moved) moving.set(key, written(key));
        mine.clear();
        if (moved[0]) {
          await current.change([...moving], []);
          moved.forEach(forget);
        }
      }
      return await makeRoom(await current.keys());
    } catch {
      // A full disk, or a base that another tab has just deleted.
      current = journal;
      return makeRoom(local.keys(ENTRY));
    }
  };

  return {
    push: (mid, text, low) => {
      const key = `${+low}${mid.slice(mid.indexOf(':') + 1)}.${text.length}`;
      mine.add(key);
      local.set(ENTRY + key, text);
    },
    fresh: () => mine.size,
    load,
    read: (keys) => current.read(keys),
    remove: (keys) => {
      keys.forEach((key) => moving.delete(key));
      return current.change([], keys);
    },
    own: () => (current === journal ? local.keys(ENTRY) : [...moving.keys(), ...mine]),
    rest: () => moving.clear(),
    written,
    lostCount,
    lost,
  };
}
