/**
 * Where events wait for days: IndexedDB. The key of an event sorts by priority, then by time (queue.ts).
 */
export interface Depot {
  /** All keys, sorted. */
  keys(): Promise<string[]>;
  /** The texts of `keys`, undefined for one that is gone. */
  read(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** Adds and removes, all or nothing. */
  change(put: readonly (readonly [key: string, text: string])[], remove: readonly string[]): Promise<void>;
  /** Deletes everything, also for the other tabs. */
  destroy(): void;
}

const STORE = 'q';

function answered<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Opens the database `name`; rejects where the browser does not give one (private windows, denied, full). */
export async function openDepot(view: Window, name: string): Promise<Depot> {
  const opening = view.indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const base = await answered(opening);
  // Another tab deletes the base: an open connection would make it wait for ever.
  base.onversionchange = () => base.close();
  const store = (mode: IDBTransactionMode): IDBObjectStore => base.transaction(STORE, mode).objectStore(STORE);
  return {
    keys: () => answered(store('readonly').getAllKeys()) as Promise<string[]>,
    read: (keys) => {
      const from = store('readonly');
      return Promise.all(keys.map((key) => answered<string | undefined>(from.get(key))));
    },
    change: (put, remove) =>
      new Promise((resolve, reject) => {
        const to = store('readwrite');
        for (const [key, text] of put) to.put(text, key);
        for (const key of remove) to.delete(key);
        to.transaction.oncomplete = () => resolve();
        to.transaction.onabort = () => reject(to.transaction.error);
      }),
    destroy: () => {
      base.close();
      view.indexedDB.deleteDatabase(name);
    },
  };
}
