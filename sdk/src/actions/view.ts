/**
 * Which marked items the visitor can see: the browser knows, so nothing is measured.
 */
import type { Visit } from '../edata';

export function inView(view: Window & typeof globalThis, then: (visits: Visit[]) => void): void {
  const items = [...view.document.querySelectorAll('[data-tm-visit]')];
  if (items.length === 0 || !view.IntersectionObserver) return then([]);
  const watch = new view.IntersectionObserver((entries) => {
    watch.disconnect();
    const seen = entries.filter((entry) => entry.isIntersecting).map(({ target }): Visit => {
      const of = (name: string): string | null => target.getAttribute(`data-tm-${name}`);
      const section = of('section');
      return {
        objid: of('visit')!,
        objtype: of('type') || 'Content',
        index: items.indexOf(target),
        ...(section && { section }),
      };
    });
    then(seen);
  });
  items.forEach((item) => watch.observe(item));
}
