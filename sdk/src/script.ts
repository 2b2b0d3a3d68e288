/**
 * The script tag: `<script async src="https://host/telemetry.js" data-key="tmw_…"></script>`.
 *
 * The server is where the script came from. Each option is an attribute (`data-app-version`); a capture is switched off
 * by `data-<name>="off"`. Sets `window.telemetry`; calls that the page queued before (README.md) run first. Loaded twice,
 * the first stays.
 */
import type { Options, Telemetry } from './api';
import { guarded } from './guard';
import { init } from './index';

/** What a page puts in place of the SDK until it has loaded: method names with their arguments. */
interface Stub {
  q?: [method: string, args: Iterable<unknown>][];
}

type Page = Window & typeof globalThis & { telemetry?: Stub | Telemetry };

function begin(page: Page): void {
  const present = page.telemetry;
  if (present && 'version' in present) return;
  const script = (page.document.currentScript ||
    // Some loaders run the text themselves; then nothing is current.
    page.document.querySelector('script[data-key]')) as HTMLScriptElement | null;
  if (!script || !script.dataset['key']) {
    page.console.warn('telemetry: no key');
    return;
  }
  const telemetry = init(optionsOf(script), page);
  page.telemetry = telemetry;
  for (const [method, args] of (present && present.q) || []) {
    const call: unknown = telemetry[method as keyof Telemetry];
    if (typeof call === 'function') guarded(() => call(...args))();
  }
}

/** Numbers stay texts: all that is done with them takes either. */
function optionsOf(script: HTMLScriptElement): Options {
  const options: Record<string, unknown> = { host: new URL(script.src).origin };
  for (const [name, text] of Object.entries(script.dataset)) if (text) options[name] = text !== 'off' && text;
  return options as unknown as Options;
}

guarded(begin)(window);
