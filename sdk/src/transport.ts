/**
 * One request to the server, and what its answer means.
 *
 * The key goes in the address and the body is plain text, or gzip that the server knows by its first bytes; no header is
 * set. Such a request needs no CORS preflight, which on a slow network is half of the time, and is the only kind that `sendBeacon`
 * can make.
 */
import { guarded } from './guard';

export type Answer =
  /** The server has the batch. */
  | 'arrived'
  /** The server will never take this batch. */
  | 'refused'
  /** The batch is too large; parts of it may pass. */
  | 'tooLarge'
  /** Try again later: not before so many ms, when the server named a time, else not a number. */
  | number;

export interface Transport {
  /**
   * Sends `body`; `outliving` asks the browser to finish even when the page goes, if the body allows. `handed` is called
   * once it will. Never rejects.
   */
  send(body: string, outliving: boolean, handed: () => void): Promise<Answer>;
  /** Hands `body` to the browser without waiting for an answer. False when it does not take it. */
  beacon(body: string): boolean;
}

/** A server that accepts and never answers must not hold the queue for ever; slow networks need tens of seconds. */
const TIMEOUT_MS = 30 * 1000;
/** Browsers refuse more than 64 KiB of keepalive bodies in flight, and a character may be 3 bytes in UTF-8. */
const KEEPALIVE_CHARS_MAX = 21 * 1024;
/** Below this gzip saves less than a packet. */
const GZIP_CHARS_MIN = 1400;
/** A longer Retry-After is a mistake, or a page that will not live so long. */
const RETRY_AFTER_MS_MAX = 60 * 60 * 1000;

export function browserTransport(view: Window & typeof globalThis, host: string, key: string): Transport {
  const address = `${host}/v1/telemetry?key=${encodeURIComponent(key)}`;
  return {
    async send(body, outliving, handed) {
      const abort = new AbortController();
      const timer = view.setTimeout(() => abort.abort(), TIMEOUT_MS);
      try {
        // The browser packs off the main thread; older ones send the text as it is.
        const packed =
          body.length > GZIP_CHARS_MIN && view.CompressionStream
            ? await new Response(new Response(body).body!.pipeThrough(new view.CompressionStream('gzip'))).arrayBuffer()
            : body;
        const keepalive = outliving && body.length <= KEEPALIVE_CHARS_MAX;
        const answered = view.fetch(address, { method: 'POST', body: packed, keepalive, signal: abort.signal });
        if (keepalive) handed();
        const response = await answered;
        return meaning(response.status, response.headers.get('Retry-After'), Date.now());
      } catch {
        return NaN;
      } finally {
        view.clearTimeout(timer);
      }
    },
    beacon: (body) => guarded(() => view.navigator.sendBeacon(address, body))() || false,
  };
}

/** What a status means: 2xx arrived; 408, 429 and 5xx later; 413 smaller; any other never. */
export function meaning(status: number, retryAfter: string | null, now: number): Answer {
  if (status < 300) return 'arrived';
  if (status === 413) return 'tooLarge';
  if (status !== 408 && status !== 429 && status < 500) return 'refused';
  // Seconds or an HTTP date.
  return Math.min(Math.max(Number(retryAfter) * 1000 || Date.parse(retryAfter || '') - now, 0), RETRY_AFTER_MS_MAX);
}
