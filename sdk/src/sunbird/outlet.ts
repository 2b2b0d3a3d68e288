/**
 * Where finished events go: the queue and the sender that telemetry.js has, with the visit it knows.
 */
import { guarded } from '../capture';
import { Delivery } from '../delivery';
import { Identity } from '../identity';
import { browserPlatform } from '../platform';
import { Queue } from '../queue';
import { Sessions } from '../session';
import { browserStorage, prefixed } from '../storage';
import { browserTransport } from '../transport';
import type { WholeEvent } from './event';

export interface Outlet {
  /** Queues `event`, which is this outlet's from now on. */
  put(event: WholeEvent): void;
  /** Sends all that waits. True when it has arrived. */
  flush(): Promise<boolean>;
  /** The random id of this browser. */
  deviceId(): string;
  /** The id of the running session; asking is an activity. */
  sessionId(): string;
}

/** The queue of `key` at `host`; without a key the server knows the project by the events' `channel`. */
export function openOutlet(view: Window & typeof globalThis, host: string, key: string, channel: string): Outlet {
  const platform = browserPlatform(view);
  const storage = prefixed(browserStorage(view), `tm_${key || channel}_`);
  const queue = new Queue(storage, platform);
  const delivery = new Delivery(queue, browserTransport(view, host, key), platform);
  const identity = new Identity(storage, platform);
  const sessions = new Sessions(storage, platform);
  const leave = guarded(() => {
    delivery.leave();
    queue.endLease();
  });
  queue.adopt();
  view.addEventListener('pagehide', leave);
  view.addEventListener('online', guarded(() => delivery.online()));
  view.document.addEventListener(
    'visibilitychange',
    guarded(() => void (view.document.visibilityState === 'hidden' && delivery.flush())),
  );
  return {
    put: (event) => {
      queue.push(JSON.stringify(event));
      delivery.notice();
    },
    flush: () => delivery.flush(),
    deviceId: () => identity.deviceId(),
    sessionId: () => sessions.touch().id,
  };
}
