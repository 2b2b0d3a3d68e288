/**
 * Zooming, previewing, moving, resizing, turning, dragging. A gesture is told once, when it is over.
 */
import { on } from '../guard';
import type { Kit } from '../modules';
import { interact, type OnClick } from './clicks';
import { targetOf } from './element';

/** A gesture is over when nothing more of it comes for so long. */
const OVER_MS = 400;
/** A press that travels less is a click. */
const MOVE_PX = 20;

export function captureGestures(kit: Kit): OnClick {
  const { view, platform } = kit;
  const { document } = view;
  const zoomed = view.visualViewport;
  const running: Record<string, () => void> = {};
  const once = (type: string, tell: () => void): void => {
    running[type]?.();
    running[type] = platform.later(OVER_MS, tell);
  };

  let scale = zoomed?.scale;
  const zoom = (): void => {
    if (!zoomed || zoomed.scale === scale) return;
    once('ZOOM', () => {
      interact(kit, 'ZOOM', undefined, zoomed.scale > scale! ? 'in' : 'out');
      scale = zoomed.scale;
    });
  };
  if (zoomed) on(zoomed, 'resize', zoom);
  on(view, 'wheel', (event) => {
    const { ctrlKey, deltaY } = event as WheelEvent;
    if (ctrlKey) once('ZOOM', () => interact(kit, 'ZOOM', targetOf(event), deltaY < 0 ? 'in' : 'out'));
  });
  on(view, 'resize', () => {
    if (!zoomed || zoomed.scale === scale) once('RESIZE', () => interact(kit, 'RESIZE', undefined, `${view.innerWidth}x${view.innerHeight}`));
  });
  const { orientation } = view.screen as { orientation?: ScreenOrientation };
  if (orientation) {
    on(orientation, 'change', () => once('ROTATE', () => interact(kit, 'ROTATE', undefined, orientation.type.split('-')[0])));
  }

  on(document, 'dragstart', (event) => interact(kit, 'DRAG', targetOf(event), undefined, event as MouseEvent));
  on(document, 'drop', (event) => interact(kit, 'DROP', targetOf(event), undefined, event as MouseEvent));
  let pressed: { element: Element | undefined; x: number; y: number } | undefined;
  on(document, 'pointerdown', (event) => {
    const { pageX: x, pageY: y } = event as PointerEvent;
    pressed = { element: targetOf(event), x, y };
  });
  on(document, 'pointercancel dragstart', () => {
    pressed = undefined;
  });
  on(document, 'pointerup', (event) => {
    const { pageX, pageY } = event as PointerEvent;
    if (pressed?.element && Math.abs(pageX - pressed.x) + Math.abs(pageY - pressed.y) >= MOVE_PX) {
      interact(kit, 'MOVE', pressed.element, undefined, event as PointerEvent);
    }
    pressed = undefined;
  });
  return (_event, inner) => {
    const preview = inner.closest('[data-tm-preview]');
    if (preview) interact(kit, 'PREVIEW', preview);
  };
}
