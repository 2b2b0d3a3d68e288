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
import type { Transport } from './transport';

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

/** `changed` hears of each new level and, but for the first, of the one before; what is stored is brought to it first. */
export function createSender(
  view: Window & typeof globalThis,
  options: Options,
  platform: Platform,
  transport: Transport,
  changed: (now: number, before: number | undefined) => void,
): Sender {
  const name = `tm_${options.key}`;
  const device = deviceStorage(view);
  const level = (): number | undefined => consent.levelNow();
  const local = keyValue(() => (level()! >= ENHANCED ? device : undefined), `${name}_`);
  const identity = createIdentity(local, platform);

  const outgoing = (text: string): string => {
    try {
      const event = JSON.parse(text) as SunbirdEvent;
      if (level()! < ENHANCED) event.actor.id = identity.actor();
      const kept = filtered(event, level() || 0);
      return kept ? JSON.stringify(kept) : '';
    } catch {
      // The batch is joined from texts: a damaged one would spoil its mates.
      return '';
    }
  };

  const locks = view.navigator.locks as LockManager | undefined;
  let depot: Promise<Depot> | undefined;
  let retreating = Promise.resolve();
  const queue = createQueue(local, async () => {
    // What is written into a base that is about to be deleted would go with it.
    await retreating;
    return level()! >= ENHANCED ? (depot = depot || openDepot(view, name)) : undefined;
  });
  const delivery = createDelivery(
    queue,
    local,
    transport,
    locks && ((task) => locks.request(name, task) as ReturnType<typeof task>),
    platform,
    () => level() || 0,
    outgoing,
    options,
  );

  /** Deletes what is stored; what waits is written again as far as the level allows, below enhanced to memory only. */
  async function retreat(): Promise<void> {
    const raw = keyValue(() => device, `${name}_`);
    const items = raw.keys('');
    if (items.length === 0) return;
    const keep = (item: string, text: string | undefined | null): void => {
      const kept = outgoing(text || '');
      if (kept) local.set(item, kept);
    };
    for (const item of items) {
      const text = raw.get(item);
      raw.remove(item);
      if (item.startsWith(ENTRY)) keep(item, text);
    }
    const old = await (depot || openDepot(view, name));
    depot = undefined;
    const waiting = await old.keys();
    const texts = await old.read(waiting);
    old.destroy();
    waiting.forEach((item, index) => keep(ENTRY + item, texts[index]));
  }

  const settle = (now: number, before: number | undefined): void => {
    if (before! > now || now < ENHANCED) retreating = retreat().catch(() => undefined);
    // What was in memory may be kept now: events that wait, and who they are of.
    else for (const item of local.keys('')) local.set(item, local.get(item)!);
    changed(now, before);
  };
  const consent = createConsent(view, keyValue(() => device, ''), options, platform, guarded(settle));
  on(view, 'online', () => delivery.online());
  on(view, 'storage', (event) => {
    // Another tab has news.
    const item = (event as StorageEvent).key;
    if (!item || item === 'tm_level' || item === `${name}_cap`) consent.begin();
  });
  return { consent, local, identity, queue, delivery };
}
