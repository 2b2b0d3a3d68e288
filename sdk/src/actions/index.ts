/**
 * telemetry-actions.js: what a visitor does. Fetched at enhanced and full; below, none of it may be recorded.
 */
import type { Properties } from '../event';
import { begin } from '../modules';
import { captureChoices } from './choices';
import { captureClicks } from './clicks';
import { captureGestures } from './gestures';
import { alias, group } from './groups';
import { captureInterrupts } from './interrupts';
import { captureRage } from './rage';
import { captureSearches } from './search';
import { captureShares } from './shares';
import { inView } from './view';

begin('actions', (kit) => {
  kit.more = (name, args) => (name === 'alias' ? alias(kit, args[0]) : group(kit, args[0], args[1], args[2] as Properties));
  for (const [name, args] of kit.calls.splice(0)) kit.more(name, args);
  kit.inView = (then) => inView(kit.view, then);
  captureChoices(kit);
  if (kit.wants('searches')) captureSearches(kit);
  if (kit.wants('interrupts')) captureInterrupts(kit);
  captureClicks(kit, [
    ...(kit.wants('rage') ? [captureRage(kit)] : []),
    ...(kit.wants('gestures') ? [captureGestures(kit)] : []),
    ...(kit.wants('shares') ? [captureShares(kit)] : []),
  ]);
});
