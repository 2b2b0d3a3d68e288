/**
 * Clicks and taps, as INTERACT; and what all other actions tell about an element.
 */
import { on } from '../guard';
import { takeEarly, type Kit } from '../modules';
import { chainOf, nameOf, targetOf } from './element';

/** Elements that a click is about, when it lands on something inside them. */
export const CLICKABLE =
  '[data-tm-id],a[href],button,input,select,textarea,label,summary,option,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]';
/** Text of an element, at most; longer ones are no names. */
const TEXT_CHARS_MAX = 255;

/** INTERACT about `element`, recorded when the page is idle; nothing of it is read where the level forbids the event. */
export function interact(
  { client, levelNow }: Kit,
  type: string,
  element: Element | undefined,
  subtype?: string,
  at?: MouseEvent,
  time?: number,
): void {
  const now = levelNow();
  if (now! < 2) return;
  const extra: Record<string, unknown> = {};
  if (at) extra['pos'] = [{ x: Math.round(at.pageX), y: Math.round(at.pageY) }];
  if (!element) return client.idly('INTERACT', { type, id: 'window', subtype, extra }, time);
  const kind = element.localName;
  const id = nameOf(element);
  extra['chain'] = chainOf(element);
  if (now === 3 && !/^(input|select|textarea|form|html|body)$/.test(kind) && !element.closest('[data-tm-mask],[contenteditable]')) {
    const text = element.textContent!;
    if (text.length <= TEXT_CHARS_MAX) extra['text'] = text.trim().replace(/\s+/g, ' ');
  }
  const target = { id: (element as HTMLAnchorElement).pathname || id, type: element.getAttribute('role') || kind, ver: '1' };
  client.idly('INTERACT', { type, subtype: subtype || kind, id, target, extra }, time);
}

/** Told of each click: what it landed on, and the clickable element that is around it. */
export type OnClick = (event: MouseEvent, inner: Element, element: Element) => void;

/** One listener for all that hear of clicks: on a cheap phone each look at the page counts. */
export function captureClicks(kit: Kit, others: OnClick[]): void {
  const click = (event: MouseEvent, inner: Element, hear: OnClick[], at?: number): void => {
    const element = inner.closest(CLICKABLE) || inner;
    const type = (event as PointerEvent).pointerType === 'touch' ? 'TOUCH' : 'CLICK';
    if (kit.wants('clicks')) interact(kit, type, element, '', event, at);
    for (const other of hear) other(event, inner, element);
  };
  for (const { event, target, at } of takeEarly(kit, 'click')) click(event as MouseEvent, target as Element, [], at);
  on(kit.view.document, 'click', (event) => {
    const inner = targetOf(event);
    if (!inner) return;
    kit.flush();
    click(event as MouseEvent, inner, others);
  });
}
