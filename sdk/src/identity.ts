/**
 * Who acts: the device's random id, and the person's id once the app has told it.
 */
import { uuid7, type Platform } from './platform';
import type { KeyValue } from './storage';

const DEVICE = 'did';
const PERSON = 'uid';

/** What a call of `identify` means for the server. */
export type Claim = 'first' | 'same' | 'other';

export class Identity {
  constructor(
    private readonly storage: KeyValue,
    private readonly platform: Platform,
  ) {}

  /** The id of this browser: random, never derived from the device. Made on first use. */
  deviceId(): string {
    const kept = this.storage.get(DEVICE);
    if (kept) return kept;
    const made = uuid7(this.platform);
    this.storage.set(DEVICE, made);
    // Another tab may have been first; what the storage says now is what both will use.
    return this.storage.get(DEVICE) ?? made;
  }

  /** The person's id, else the device's: `actor.id` of every event. */
  actorId(): string {
    return this.storage.get(PERSON) || this.deviceId();
  }

  /** Remembers the person. `first`: this browser was anonymous until now, its earlier events are theirs too. */
  claim(personId: string): Claim {
    const known = this.storage.get(PERSON);
    this.storage.set(PERSON, personId);
    return known === personId ? 'same' : known ? 'other' : 'first';
  }

  /** Forgets both: the next person on this device is somebody else. */
  reset(): void {
    this.storage.remove(PERSON);
    this.storage.remove(DEVICE);
  }
}
