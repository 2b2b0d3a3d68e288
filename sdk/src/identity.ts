/**
 * Who acts: the device's random id, and the person's id once the app has told it.
 */
import { uuid7, type Platform } from './platform';
import type { KeyValue } from './storage';

const DEVICE = 'did';
const PERSON = 'uid';
const GROUPS = 'groups';

/** A group, as Sunbird's correlation data says it. */
export interface Group {
  type: string;
  id: string;
}

export interface Identity {
  /** The id of this browser: random, never derived from the device. Made on first use. */
  device(): string;
  /** The person's id, else the device's: `actor.id` of every event. */
  actor(): string;
  /** Remembers the person. True: this browser was anonymous until now, its earlier events are theirs too. */
  claim(personId: string): boolean;
  /** The groups, as Sunbird's correlation data. */
  groups(): Group[];
  /** Replaces them. */
  join(groups: Group[]): void;
  /** Forgets all: the next person on this device is somebody else. */
  reset(): void;
}

export function createIdentity(storage: KeyValue, platform: Platform): Identity {
  const device = (): string => {
    const kept = storage.get(DEVICE);
    if (kept) return kept;
    const made = uuid7(platform);
    storage.set(DEVICE, made);
    // Another tab may have been first; what the storage says now is what both will use.
    return storage.get(DEVICE) || made;
  };
  return {
    device,
    actor: () => storage.get(PERSON) || device(),
    claim: (personId) => {
      const known = storage.get(PERSON);
      storage.set(PERSON, personId);
      return !known;
    },
    groups: () => JSON.parse(storage.get(GROUPS) || '[]') as Group[],
    join: (groups) => storage.set(GROUPS, JSON.stringify(groups)),
    reset: () => [PERSON, DEVICE, GROUPS].forEach((key) => storage.remove(key)),
  };
}
