/**
 * Errors that nobody caught, as ERROR: throttled and grouped.
 */
import { on } from '../guard';
import { takeEarly, type Kit } from '../modules';

/** The same error again says nothing new for a while; a page in ruins does not tell for ever. */
const ERROR_MS_MIN = 60 * 1000;
const ERRORS_MAX = 20;
const STACK_CHARS_MAX = 2000;

export function captureErrors(kit: Kit): void {
  const { view, client, platform } = kit;
  const known = new Map<string, number>();
  const tell = (error: unknown, at: string): void => {
    const { name = 'Error', stack } = (error || {}) as Error;
    const own = /([^/\s(@]+\.m?js)[^:\s]*:(\d+)/.exec(stack || at);
    const err = own ? `${name}@${own[1]}:${own[2]}` : name;
    const now = platform.now();
    if (now - (known.get(err) || 0) < ERROR_MS_MIN || known.size >= ERRORS_MAX) return;
    known.set(err, now);
    client.emit('ERROR', { err, errtype: 'SYSTEM', stacktrace: String(stack || error).slice(0, STACK_CHARS_MAX) });
  };
  const hear = (event: Event): void => {
    const { error, message, filename, lineno, reason } = event as ErrorEvent & PromiseRejectionEvent;
    if (event.type === 'unhandledrejection') tell(reason, '');
    // What does not load has no message; it is no error of the page's code.
    else if (message) tell(error || message, `${filename}:${lineno}`);
  };
  for (const { event } of takeEarly(kit, 'error unhandledrejection')) hear(event);
  on(view, 'error unhandledrejection', hear);
}
