/**
 * One request to the server, and what its answer means.
 *
 * The key goes in the address and the body is plain text: such a request needs no CORS preflight, which on a slow
 * network is half of the time, and is the only kind that `sendBeacon` can make.
 */
export type Answer =
  /** The server has the batch. */
  | { readonly kind: 'arrived' }
  /** The server will never take this batch. */
  | { readonly kind: 'refused' }
  /** The batch is too large; parts of it may pass. */
  | { readonly kind: 'tooLarge' }
  /** Try again later: not before `waitMs`, when the server named a time. */
  | { readonly kind: 'later'; readonly waitMs?: number };

export interface Transport {
  /** Sends `body`; `outliving` asks the browser to finish even when the page goes, if the body allows. Never rejects. */
  send(body: string, outliving: boolean): Promise<Answer>;
  /** Hands `body` to the browser without waiting for an answer. False when it does not take it. */
  beacon(body: string): boolean;
}

/** A server that accepts and never answers must not hold the queue for ever; slow networks need tens of seconds. */
const TIMEOUT_MS = 30 * 1000;
/** Browsers refuse more than 64 KiB of keepalive bodies in flight; leave room for the headers. */
const KEEPALIVE_BYTES_MAX = 60 * 1024;
/** A longer Retry-After is a mistake, or a page that will not live so long. */
const RETRY_AFTER_MS_MAX = 60 * 60 * 1000;

export function browserTransport(view: Window & typeof globalThis, host: string, key: string): Transport {
  const address = `${host}/v1/telemetry?key=${encodeURIComponent(key)}`;
  return {
    async send(body, outliving) {
      let timer = 0;
      try {
        const abort = new AbortController();
        timer = view.setTimeout(() => abort.abort(), TIMEOUT_MS);
        const response = await view.fetch(address, {
          method: 'POST',
          body,
          headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
          credentials: 'omit',
          keepalive: outliving && new Blob([body]).size <= KEEPALIVE_BYTES_MAX,
          signal: abort.signal,
        });
        return meaning(response.status, response.headers.get('Retry-After'), Date.now());
      } catch {
        return { kind: 'later' };
      } finally {
        view.clearTimeout(timer);
      }
    },
    beacon(body) {
      try {
        return view.navigator.sendBeacon(address, new Blob([body], { type: 'text/plain;charset=UTF-8' }));
      } catch {
        return false;
      }
    },
  };
}

/** What a status means: 2xx arrived; 408, 429 and 5xx later; 413 smaller; any other never. */
export function meaning(status: number, retryAfter: string | null, now: number): Answer {
  if (status >= 200 && status < 300) return { kind: 'arrived' };
  if (status === 413) return { kind: 'tooLarge' };
  if (status === 408 || status === 429 || status >= 500) {
    const waitMs = retryAfterMs(retryAfter, now);
    return waitMs === undefined ? { kind: 'later' } : { kind: 'later', waitMs };
  }
  return { kind: 'refused' };
}

/** Retry-After as ms from `now`: seconds or an HTTP date. Undefined when absent or unreadable. */
function retryAfterMs(text: string | null, now: number): number | undefined {
  if (!text) return undefined;
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX) : undefined;
}
