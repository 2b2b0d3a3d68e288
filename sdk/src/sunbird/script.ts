/**
 * The script tag that takes the place of Sunbird's: `<script src="https://host/telemetry-sunbird.js"></script>`.
 *
 * Sets the globals of its versions 0 to 2. Loaded twice, the first stays.
 */
import { guarded } from '../guard';
import { watch } from './page';
import type { SunbirdTelemetry } from './telemetry';

type Page = Window & typeof globalThis & Record<string, unknown>;

function begin(page: Page): void {
  if ((page['$t'] as SunbirdTelemetry | undefined)?._version && 'take' in (page['$t'] as object)) return;
  const script = (page.document.currentScript ??
    page.document.querySelector('script[src*="telemetry-sunbird.js"]')) as HTMLScriptElement | null;
  const telemetry = watch(page, {
    key: script?.dataset['key'] ?? '',
    host: script?.dataset['host'] ?? '',
    origin: script?.src ? new URL(script.src).origin : '',
  });
  for (const name of ['Telemetry', 'EkTelemetry', '$t']) page[name] = telemetry;
  // Version 2 also has its singleton inside `Telemetry`, and the class beside it.
  Object.assign(telemetry, { $t: telemetry });
  page['EkTelemetryClass'] = { getInstance: () => telemetry };
  page['TelemetrySyncManager'] = {
    sendTelemetry: (event: unknown) => telemetry.take((event as { detail?: unknown } | undefined)?.detail ?? event),
    syncEvents: () => telemetry.syncEvents(),
  };
}

guarded(begin)(window as unknown as Page);
