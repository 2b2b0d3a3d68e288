/**
 * What comes between, as INTERRUPT. Hiding and showing: capture/pages.ts.
 */
import { on } from '../guard';
import type { Kit } from '../modules';

export function captureInterrupts({ view, client }: Kit): void {
  const tell = ({ type }: Event): void => client.emit('INTERRUPT', { type });
  on(view, 'offline online', tell);
  on(view.document, 'freeze', tell);
}
