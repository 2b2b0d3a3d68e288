/** Short messages at the edge of the page, some with a way back. */
import { Signal } from "../api/signal";

export interface Toast {
  id: number;
  text: string;
  bad?: boolean;
  /** The way back, such as "Undo". */
  action?: { label: string; run: () => void };
}

/** Long enough to read and to reach for the way back. */
const SHOWN_MS = 8_000;

export const toasts = new Signal<readonly Toast[]>([]);
let last = 0;

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

export function showToast(toast: Omit<Toast, "id">): void {
  const id = ++last;
  toasts.set([...toasts.get().slice(-2), { ...toast, id }]);
  setTimeout(() => dismissToast(id), SHOWN_MS);
}
