/**
 * Telemetry's browser SDK: everything a visitor does, as Sunbird telemetry v3 events, kept until it has arrived.
 *
 *     import { init } from '@telemetry/web';
 *     const telemetry = init({ key: 'tmw_…', host: 'https://telemetry.school.in' });
 *     telemetry.track('leave_requested', { days: 2 });
 *
 * No call throws, waits or returns an error: a page must not break because somebody watches it.
 */
import { capture, guarded } from './capture';
import { Client } from './client';
import { SDK_VERSION, type Properties } from './event';
import { browserPlatform } from './platform';
import { browserStorage, prefixed } from './storage';
import { browserTransport } from './transport';

export type { Json, Properties } from './event';

export interface Options {
  /** The project's write key, `tmw_…`. */
  key: string;
  /** Where the server is: scheme, name and port, without a path. */
  host: string;
  /** Sunbird's `context.channel`, the tenant. Default: the site's host name. */
  channel?: string;
  /** Sunbird's `context.env`, the area of the app. Default `web`. */
  env?: string;
  /** Sunbird's `context.pdata.id`, the app. Default: the site's host name. */
  app?: string;
  /** Sunbird's `context.pdata.ver`, the app's build. Default `1.0`. */
  appVersion?: string;
  /** Sunbird's `context.pdata.pid`, the part of the app. Default `web`. */
  part?: string;
  /** IMPRESSION at load and at each change of the path. Default true. */
  pages?: boolean;
  /** INTERACT at each click. Default true. */
  clicks?: boolean;
}

export interface Telemetry {
  /** Records the app's own event; `properties` become its properties. */
  track(name: string, properties?: Properties): void;
  /** Records that a page is seen, for apps whose pages have no path of their own. */
  page(pageId: string): void;
  /** The visitor is known to the app as `personId` from now on. `properties` describe the person. */
  identify(personId: string | number, properties?: Properties): void;
  /** The visitor logged out; who comes next is somebody else. */
  reset(): void;
  /** Sends now. True when everything has arrived. */
  flush(): Promise<boolean>;
  /** Version of the SDK. */
  readonly version: string;
}

/** Begins to watch this page. */
export function init(options: Options, view: Window & typeof globalThis = window): Telemetry {
  const platform = browserPlatform(view);
  const site = view.location.hostname || 'web';
  const client = new Client(
    {
      channel: options.channel?.trim() || site,
      pdata: { id: options.app?.trim() || site, ver: options.appVersion || '1.0', pid: options.part || 'web' },
      env: options.env || 'web',
    },
    platform,
    prefixed(browserStorage(view), `tm_${options.key}_`),
    browserTransport(view, options.host.replace(/\/+$/, ''), options.key),
  );
  guarded(capture)(view, client, { pages: options.pages ?? true, clicks: options.clicks ?? true }, platform.now);
  return {
    track: guarded((name, properties) => client.track(name, properties)),
    page: guarded((pageId) => client.impression(String(pageId), view.location.pathname, 'call')),
    identify: guarded((personId, properties) => client.identify(personId, properties)),
    reset: guarded(() => client.reset()),
    flush: () => client.delivery.flush().catch(() => false),
    version: SDK_VERSION,
  };
}
