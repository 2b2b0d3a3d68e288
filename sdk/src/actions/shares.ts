/**
 * What goes out: Web Share, copied addresses, share links, downloads. Becomes SHARE.
 */
import { guarded, on } from '../guard';
import type { Kit } from '../modules';
import type { OnClick } from './clicks';
import { nameOf } from './element';

/** Where a link or a button passes something on. */
const SHARING =
  /^(mailto:\?|sms:|whatsapp:|https?:\/\/(wa\.me|api\.whatsapp\.com|t\.me\/share|[^/]*facebook\.com\/(sharer|dialog)|(twitter|x)\.com\/(intent|share)|[^/]*linkedin\.com\/shar|[^/]*telegram\.me\/share))/;
export function captureShares({ view, client, flush }: Kit): OnClick {
  const { document, navigator } = view;
  const tell = (type: string, id: string, kind: string, to?: string): void => {
    flush();
    client.idly('SHARE', { dir: 'Out', type, items: [{ id, type: kind, ver: '1', ...(to && { to: { id: to, type: 'Service' } }) }] });
  };
  const here = (): string => view.location.pathname;

  const share = navigator.share as typeof navigator.share | undefined;
  if (share) {
    navigator.share = function (this: Navigator, data?: ShareData) {
      const result = share.call(this, data);
      guarded(() => tell(data?.files?.length ? 'File' : data?.url ? 'Link' : 'Message', here(), 'page'))();
      return result;
    };
  }
  on(document, 'copy', () => {
    const text = String(view.getSelection()).trim();
    // Chromium tells no selection inside inputs; the field with a link to copy is one.
    const field = document.activeElement as HTMLInputElement | null;
    if (/^https?:\/\/\S+$/.test(text || (field?.readOnly && field.value) || '')) tell('Link', here(), 'link');
  });
  return (_event, inner) => {
    const element = inner.closest('[data-tm-share],a[href]');
    if (!element) return;
    const marked = element.getAttribute('data-tm-share');
    const known = SHARING.exec(element.getAttribute('href') || '');
    if (marked !== null || known) tell('Link', here(), marked || 'page', known?.[0]);
    else if (element.hasAttribute('download')) tell('File', nameOf(element), 'file');
  };
}
