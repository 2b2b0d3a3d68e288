/**
 * What the SDK needs from outside to tell the time and to be random. Injected, so that tests decide both.
 */
export interface Platform {
  /** The device's clock, Unix epoch in ms. It may be wrong and may jump. */
  now(): number;
  /** `count` random bytes. */
  randomBytes(count: number): Uint8Array;
  /** Runs `task` once, `ms` from now. Returns what cancels it. */
  later(ms: number, task: () => void): () => void;
}

/** The browser's clock, random source and timers. */
export function browserPlatform(view: Window & typeof globalThis): Platform {
  return {
    now: () => Date.now(),
    randomBytes: (count) => {
      const bytes = new Uint8Array(count);
      try {
        return view.crypto.getRandomValues(bytes);
      } catch {
        // No crypto in some old web views. The ids must be distinct, not secret.
        return bytes.map(() => Math.floor(Math.random() * 256));
      }
    },
    later: (ms, task) => {
      const timer = view.setTimeout(task, ms);
      return () => view.clearTimeout(timer);
    },
  };
}

/** A number in [0, 1). */
export function randomFraction(platform: Platform): number {
  const [high = 0, low = 0] = platform.randomBytes(2);
  return (high * 256 + low) / 65536;
}

/** A UUIDv7 (RFC 9562): 48 bits of the device's time in ms, then random bits. Ids of one device sort by time. */
export function uuid7(platform: Platform): string {
  const bytes = platform.randomBytes(16);
  let time = Math.max(0, Math.floor(platform.now()));
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
