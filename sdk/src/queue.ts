/**
 * Events that have not arrived yet: in memory in their order, and each one also in storage until the server has it.
 *
 * A page that dies leaves its events in storage; the next page of the same site adopts them. A page owns its entries
 * while it is alive (a lease), so two tabs do not send each other's. When a lease is misjudged (a frozen tab), both
 * send the same `mid` and the server counts it once.
 */
import { uuid7, type Platform } from './platform';
import type { KeyValue } from './storage';

/** An event that waits: `text` is its JSON. */
export interface Waiting {
  readonly id: string;
  readonly text: string;
}

/** Hosts share 5 MB of localStorage with us; a day offline of a parent's app is some 100 KB. In UTF-16 units. */
export const STORED_CHARS_MAX = 256 * 1024;
/** Memory is bounded too, where storage is denied or full: about 1 MB. */
export const EVENTS_MAX = 1000;
/** A live page renews its lease at each attempt, at most 60 s apart; browsers stretch timers of hidden tabs to 60 s. */
export const LEASE_MS = 150 * 1000;

const ENTRY = 'q/';
const LEASE = 'p/';
/** Sorts after every sequence number: the END that counts if this page never comes back. */
const LAST_WORD = '~';
/** Begins the id of an event for which storage had no room. */
const IN_MEMORY = 'memory/';

export class Queue {
  /** Events given up because there was no room, since the last batch that told the server. */
  evicted = 0;
  private waiting: Waiting[] = [];
  private storedChars = 0;
  private sequence = 0;
  private hasLastWord = false;
  private readonly page: string;

  constructor(
    private readonly storage: KeyValue,
    private readonly platform: Platform,
  ) {
    this.page = uuid7(platform);
  }

  get length(): number {
    return this.waiting.length;
  }

  /** Adds an event at the end. When there is no room, the oldest goes and is counted. */
  push(text: string): void {
    this.renewLease();
    this.waiting.push(this.keep(text));
    while (this.waiting.length > EVENTS_MAX) {
      this.remove(this.waiting.slice(0, 1));
      this.evicted += 1;
    }
  }

  /** The oldest events, at most `countMax` of them and `charsMax` of text, but always one if there is one. */
  peek(countMax: number, charsMax: number, skip = 0): Waiting[] {
    const batch: Waiting[] = [];
    let chars = 0;
    for (const event of this.waiting.slice(skip, skip + countMax)) {
      chars += event.text.length;
      if (batch.length > 0 && chars > charsMax) break;
      batch.push(event);
    }
    return batch;
  }

  /** Takes events out, wherever they are: they have arrived or can never arrive. */
  remove(events: readonly Waiting[]): void {
    const gone = new Set(events.map((event) => event.id));
    this.waiting = this.waiting.filter((event) => !gone.has(event.id));
    for (const event of events) this.forget(event);
  }

  /** Takes over the events of pages that are gone, oldest page first, before this page's own. Returns how many. */
  adopt(): number {
    const now = this.platform.now();
    const dead = new Map<string, boolean>();
    const isDead = (page: string): boolean => {
      let verdict = dead.get(page);
      if (verdict === undefined) {
        // A lease from the future is of a clock that jumped, and just as dead.
        verdict = page !== this.page && !(Math.abs(now - Number(this.storage.get(LEASE + page) ?? NaN)) <= LEASE_MS);
        dead.set(page, verdict);
      }
      return verdict;
    };
    const adopted: Waiting[] = [];
    for (const key of this.storage.keys(ENTRY).sort()) {
      const page = key.split('/')[1] ?? '';
      if (!isDead(page)) continue;
      const text = this.storage.get(key);
      // Kept under our name before it is dropped under theirs: a crash between the two doubles it, and never loses it.
      if (text && isObjectText(text)) adopted.push(this.keep(text));
      this.storage.remove(key);
    }
    for (const key of this.storage.keys(LEASE)) if (isDead(key.slice(LEASE.length))) this.storage.remove(key);
    this.waiting = adopted.concat(this.waiting);
    if (adopted.length > 0) this.renewLease();
    return adopted.length;
  }

  /** Keeps `text` as this page's last event, for whoever adopts it should it never be heard of again. */
  keepLastWord(text: string): void {
    this.renewLease();
    this.hasLastWord = this.storage.set(this.lastWordKey(), text);
  }

  /** Takes the last event back. `spoken`: too late, another page has adopted it. */
  takeBackLastWord(): 'none' | 'taken' | 'spoken' {
    if (!this.hasLastWord) return 'none';
    this.hasLastWord = false;
    const spoken = this.storage.get(this.lastWordKey()) === null;
    this.storage.remove(this.lastWordKey());
    return spoken ? 'spoken' : 'taken';
  }

  /** This page still lives. */
  renewLease(): void {
    this.storage.set(LEASE + this.page, String(this.platform.now()));
  }

  /** This page goes away; any other may adopt what it leaves. */
  endLease(): void {
    this.storage.remove(LEASE + this.page);
  }

  /** This page came back (back/forward cache): what another page adopted meanwhile is no longer ours. */
  reopen(): void {
    this.waiting = this.waiting.filter((event) => {
      const ours = event.id.startsWith(IN_MEMORY) || this.storage.get(ENTRY + event.id) !== null;
      if (!ours) this.storedChars -= event.text.length;
      return ours;
    });
    this.renewLease();
  }

  private keep(text: string): Waiting {
    this.sequence += 1;
    const id = `${this.page}/${String(this.sequence).padStart(9, '0')}`;
    if (this.storedChars + text.length <= STORED_CHARS_MAX && this.storage.set(ENTRY + id, text)) {
      this.storedChars += text.length;
      return { id, text };
    }
    this.storage.remove(ENTRY + id);
    return { id: IN_MEMORY + this.sequence, text };
  }

  private lastWordKey(): string {
    return `${ENTRY}${this.page}/${LAST_WORD}`;
  }

  private forget(event: Waiting): void {
    if (event.id.startsWith(IN_MEMORY)) return;
    this.storage.remove(ENTRY + event.id);
    this.storedChars -= event.text.length;
  }
}

/** True for the JSON text of an object: the batch is joined from texts, so a damaged one would spoil its mates. */
function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
