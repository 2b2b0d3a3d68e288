/**
 * What the visitor looks for, in inputs and in addresses, as SEARCH; the text is kept at full only.
 */
import { on } from '../guard';
import type { Kit } from '../modules';
import { choicesOf } from './choices';
import { targetOf } from './element';

const SEARCH = 'input[type=search],[role=search] input,[role=searchbox],[data-tm-search]';
/** Names under which sites hold what was looked for. */
const QUERY = /^(q|query|search|s|keyword)$/;

export function captureSearches({ view, client, platform, onAddress }: Kit): void {
  const { document } = view;
  let told = '';
  const tell = (query: string, filters: Record<string, string> = {}): void => {
    if (!query || query === told) return;
    told = query;
    const shown = document.querySelector('[data-tm-results]');
    // How many there were is not known by itself.
    const size = shown ? Number(shown.getAttribute('data-tm-results')) : -1;
    client.idly('SEARCH', { type: 'page', query, size, filters, topn: [] });
  };
  const look = (): void =>
    new URLSearchParams(view.location.search).forEach((value, name) => {
      if (QUERY.test(name)) tell(value.trim());
    });
  look();
  onAddress.push(look);
  on(document, 'change', (event) => {
    const input = targetOf(event) as HTMLInputElement | undefined;
    // With a form around it, its submit tells the same.
    if (input?.matches(SEARCH) && !input.form) tell(input.value.trim());
  });
  on(document, 'submit', (event) => {
    const form = targetOf(event) as HTMLFormElement | undefined;
    const input = form?.querySelector<HTMLInputElement>(SEARCH);
    if (!form || !input) return;
    const [query, filters] = [input.value.trim(), choicesOf(form)];
    // A form that the browser sends puts the query in the next address, which tells it; the page's listeners come first.
    platform.later(0, () => {
      if (event.defaultPrevented || form.method !== 'get' || !QUERY.test(input.name)) tell(query, filters);
    });
  });
}
