/**
 * Small texts kept on the device. `localStorage` where the browser gives it, else memory: a page where storage is
 * denied still sends its events, they only do not outlive the page.
 */
export interface KeyValue {
  get(key: string): string | null;
  /** False when the text will not outlive the page (quota, denied); until then it is there. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /** The keys that begin with `prefix`, in no order. */
  keys(prefix: string): string[];
}

/** Storage that lives as long as the page. */
export function memoryStorage(): KeyValue {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => {
      values.set(key, value);
      return true;
    },
    remove: (key) => void values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** `localStorage`, behind calls that never throw; memory when even asking for it is refused. */
export function browserStorage(view: Window): KeyValue {
  let local: Storage;
  try {
    // The getter itself throws in sandboxed frames and when site data is blocked; some browsers throw only on write.
    local = view.localStorage;
    local.setItem('tm_probe', '1');
    local.removeItem('tm_probe');
  } catch {
    return memoryStorage();
  }
  // Ids must not change within a page only because the disk is full.
  const spare = memoryStorage();
  const attempt = <Result>(action: () => Result, otherwise: Result): Result => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => spare.get(key) ?? attempt(() => local.getItem(key), null),
    set: (key, value) => {
      const kept = attempt(() => {
        local.setItem(key, value);
        return true;
      }, false);
      if (kept) spare.remove(key);
      else spare.set(key, value);
      return kept;
    },
    remove: (key) => {
      spare.remove(key);
      attempt(() => local.removeItem(key), undefined);
    },
    keys: (prefix) => attempt(() => Object.keys(local).filter((key) => key.startsWith(prefix)), []),
  };
}

/** The same storage under a prefix, so that two projects on one site never meet. */
export function prefixed(storage: KeyValue, prefix: string): KeyValue {
  return {
    get: (key) => storage.get(prefix + key),
    set: (key, value) => storage.set(prefix + key, value),
    remove: (key) => storage.remove(prefix + key),
    keys: (start) => storage.keys(prefix + start).map((key) => key.slice(prefix.length)),
  };
}
