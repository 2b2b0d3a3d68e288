/**
 * The third click of an angry row, and clicks that nothing answers.
 */
import { on } from '../guard';
import type { Kit } from '../modules';
import { interact, type OnClick } from './clicks';

/** A click continues a row when it comes this near and this soon. */
const RAGE_PX = 30;
const RAGE_MS = 1000;
const RAGE_CLICKS = 3;
/** An answer later than this is none. */
const DEAD_MS = 1000;
/** Where a click does something that the page does not show, or only places a cursor. */
const ALIVE =
  'canvas,video,audio,embed,object,iframe,select,input:not([type=button]):not([type=submit]),textarea,[contenteditable],[data-tm-preview],[download]';

export function captureRage(kit: Kit): OnClick {
  const { view, platform, onAddress } = kit;
  const { document } = view;
  let row = 0;
  let last: { x: number; y: number; at: number } | undefined;
  /** When something last happened that may be the answer to a click. */
  let answeredAt = 0;
  /** When the reader last came back to the page: the click that did so is meant for nothing. */
  let cameAt = 0;

  const rage = (event: MouseEvent, element: Element): void => {
    const now = platform.now();
    const { pageX: x, pageY: y } = event;
    const goesOn = last && Math.abs(x - last.x) + Math.abs(y - last.y) < RAGE_PX && now - last.at < RAGE_MS;
    row = goesOn ? row + 1 : 1;
    last = { x, y, at: now };
    if (row === RAGE_CLICKS) interact(kit, 'RAGECLICK', element, undefined, event);
  };
  const answered = (): void => {
    answeredAt = platform.now();
  };
  const dead = (event: MouseEvent, element: Element): void => {
    const now = platform.now();
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || element.closest(ALIVE)) return;
    if (now - cameAt < DEAD_MS) return;
    const changes = new view.MutationObserver(answered);
    changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    platform.later(DEAD_MS, () => {
      changes.disconnect();
      if (answeredAt < now && view.getSelection()?.isCollapsed !== false) interact(kit, 'DEADCLICK', element, undefined, event);
    });
  };

  onAddress.push(answered);
  on(view, 'focus blur', ({ target }) => {
    // Elements get the focus too.
    if (target !== view) return;
    cameAt = platform.now();
    answered();
  });
  on(document, 'scroll input change selectionchange visibilitychange submit', answered);
  return (event, _inner, element) => {
    rage(event, element);
    dead(event, element);
  };
}
