/** Runs `action`; the page never sees it fail. */
export function guarded<Args extends unknown[], Result>(
  action: (...args: Args) => Result,
): (...args: Args) => Result | undefined {
  return (...args) => {
    try {
      return action(...args);
    } catch {
      return undefined;
    }
  };
}

/** Listens to each of `types` (separated by spaces) without holding up the page. */
export function on(target: EventTarget, types: string, listener: (event: Event) => void): void {
  for (const type of types.split(' ')) target.addEventListener(type, guarded(listener), { capture: true, passive: true });
}
