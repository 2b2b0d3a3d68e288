/**
 * From a finished event to the server, under the level in force: what may be kept, the queue, the delivery.
 */
import type { Options } from './api';
import { createConsent, type Consent } from './consent';
import { createDelivery, type Delivery } from './delivery';
import { openDepot, type Depot } from './depot';
import type { SunbirdEvent } from './event';
import { filtered } from './filter';
import { guarded, on } from './guard';
import { createIdentity, type Identity } from './identity';
import type { Platform } from './platform';
import { createQueue, ENTRY, type Queue } from './queue';
import { deviceStorage, keyValue, type KeyValue } from './storage';
import { browserTransport } from './transport';

/** From here on the device may keep more than the choice. */
export const ENHANCED = 2;

export interface Sender {
  readonly consent: Consent;
  /** What the tabs share: on the device from Enhanced on, else in memory. */
  readonly local: KeyValue;
  readonly identity: Identity;
  readonly queue: Queue;
  readonly delivery: Delivery;
}

/** `changed` hears of each new level and, but for the first, of the one before; what is stored is brought
 * to it first. `settled`: the server has spoken. */
export function createSender(
  view: Window & typeof globalThis,
  options: Options,
  platform: Platform,
  changed: (now: number, before: number | undefined) => void,
  settled: () => void,
): Sender {
  const name = `tm_${options.key}`;
  const device = deviceStorage(view);
  const level = (): number | undefined => consent.levelNow();
  const local = keyValue(() => (level()! >= ENHANCED ? device : undefined), `${name}_`);
  const identity = createIdentity(local, platform);

  /** The text of an event as it may leave at the level in force; empty: not at all, or damaged, which would spoil its mates. */
  const outgoing = (text: string | null | undefined): string =>
    guarded(() => {
      const event = JSON.parse(text!) as SunbirdEvent;
      if (level()! < ENHANCED) event.actor.id = identity.actor();
      const kept = filtered(event, level() || 0);
      return kept && JSON.stringify(kept);
    })() || '';

  // Where storage is denied so are locks, and there is nothing to share.
  const locks = device && (view.navigator.locks as LockManager | undefined);
  let depot: Promise<Depot | undefined> | undefined;
  const queue = createQueue(local, async () => (level()! >= ENHANCED ? (depot = depot || openDepot(view, name)) : undefined));
  const delivery = createDelivery(
    queue,
    local,
    browserTransport(view, options.host, options.key),
    locks && ((task) => locks.request(name, task) as ReturnType<typeof task>),
    platform,
    () => level() || 0,
    outgoing,
    options,
  );

  /** Deletes what is stored; events that wait are written again as far as the level allows, below enhanced to memory only. */
  const retreat = (): void => {
    const raw = keyValue(() => device, `${name}_`);
    const items = raw.keys('');
    if (!items[0]) return;
    const keep = (item: string, text: string | undefined | null): void => {
      const kept = outgoing(text);
      if (kept) local.set(item, kept);
    };
    for (const item of items) {
      const text = raw.get(item);
      raw.remove(item);
      keep(item, text);
    }
    // Until it is gone nobody else gets it: what is written into it meanwhile would go with it.
    depot = (depot || openDepot(view, name))
      .then(async (old) => {
        const waiting = await old!.keys();
        const texts = await old!.read(waiting);
        old!.destroy();
        waiting.forEach((item, index) => keep(ENTRY + item, texts[index]));
        depot = undefined;
      })
      .catch(() => undefined) as Promise<undefined>;
  };

  const settle = (now: number, before: number | undefined): void => {
    if (before! > now || now < ENHANCED) retreat();
    // What was in memory may be kept now: events that wait, and who they are of.
    else for (const item of local.keys('')) local.set(item, local.get(item)!);
    changed(now, before);
  };
  const consent = createConsent(view, keyValue(() => device, ''), options, platform, guarded(settle), settled);
  on(view, 'online', () => {
    consent.begin();
    delivery.online();
  });
  // Another tab has chosen, knows the project's level, or has cleared everything.
  on(view, 'storage', (event) => /null|tm_level|_cap$/.test((event as StorageEvent).key!) && consent.begin());
  return { consent, local, identity, queue, delivery };
}
