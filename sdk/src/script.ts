/**
 * The script tag: `<script async src="https://host/telemetry.js" data-key="tmw_…"></script>`.
 *
 * The server is where the script came from. Sets `window.telemetry`; calls that the page queued before (README.md) run
 * first. Loaded twice, the first stays.
 */
import { guarded } from './capture';
import { init, type Options, type Telemetry } from './index';

/** What a page puts in place of the SDK until it has loaded: method names with their arguments. */
interface Stub {
  q?: [method: string, args: ArrayLike<unknown>][];
}

type Page = Window & typeof globalThis & { telemetry?: Stub | Telemetry };

function begin(page: Page): void {
  const present = page.telemetry;
  if (present && 'version' in present) return;
  const script = (page.document.currentScript ??
    // Some loaders run the text themselves; then nothing is current.
    page.document.querySelector('script[data-key][src*="telemetry.js"]')) as HTMLScriptElement | null;
  const key = script?.dataset['key'];
  if (!script || !key) {
    page.console.warn('telemetry.js: the script tag needs data-key="tmw_…"; nothing is recorded');
    return;
  }
  const telemetry = init(optionsOf(script, key), page);
  page.telemetry = telemetry;
  for (const [method, args] of present?.q ?? []) replay(telemetry, method, Array.from(args));
}

function optionsOf(script: HTMLScriptElement, key: string): Options {
  const { host, channel, env, app, appVersion, part, pages, clicks } = script.dataset;
  return {
    key,
    host: host || new URL(script.src).origin,
    pages: pages !== 'off',
    clicks: clicks !== 'off',
    ...(channel && { channel }),
    ...(env && { env }),
    ...(app && { app }),
    ...(appVersion && { appVersion }),
    ...(part && { part }),
  };
}

function replay(telemetry: Telemetry, method: string, args: unknown[]): void {
  const call: unknown = telemetry[method as keyof Telemetry];
  if (typeof call === 'function') call(...args);
}

guarded(begin)(window);
