/**
 * In place of `@project-sunbird/telemetry-sdk` in an app with a bundler; the calls stay as they are.
 *
 *     import { $t } from '@telemetry/web/sunbird';
 *     $t.initialize({ host: 'https://telemetry.school.in', authtoken: 'tmw_…', channel: 'hp', pdata, env: 'home' });
 *
 * As in its version 2, `isInitialized` is a property here; the script tag has the function of the versions before.
 */
import { watch } from './page';
import { SunbirdTelemetry } from './telemetry';

export type { SunbirdConfig, SunbirdPdata } from './config';
export type { EventOptions } from './event';

export type SunbirdSdk = Omit<SunbirdTelemetry, 'isInitialized'> & { readonly isInitialized: boolean };

/** The SDK of this page. Where there is no page (a server that renders it) every call does nothing. */
export const $t: SunbirdSdk = /* @__PURE__ */ make();

/** As in version 2. */
export const Telemetry = { getInstance: (): SunbirdSdk => $t };

function make(): SunbirdSdk {
  const telemetry =
    typeof window === 'undefined' ? withoutPage() : watch(window, { key: '', host: '', origin: '' });
  return Object.defineProperty(telemetry as unknown as SunbirdSdk, 'isInitialized', { get: () => telemetry.initialized });
}

function withoutPage(): SunbirdTelemetry {
  return new SunbirdTelemetry({
    now: () => Date.now(),
    id: () => '',
    open: () => ({
      put: () => undefined,
      flush: () => Promise.resolve(true),
      deviceId: () => '',
      sessionId: () => '',
      level: () => 'security',
      choose: () => undefined,
    }),
    tell: () => undefined,
    warn: () => undefined,
  });
}
