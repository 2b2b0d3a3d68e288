/**
 * The parts in the npm package: chunks of the app's own bundle, always of the version that the rest is of. Stands in for
 * modules.ts, whose parts are files of the server (build.mjs).
 */
import { guarded } from './guard';
import type { Kit, ModuleName } from './modules';

// All but the two below.
export * from './modules';

const PARTS: Readonly<Record<ModuleName, () => Promise<unknown>>> = {
  actions: () => import('./actions'),
  heatmap: () => import('./heatmap'),
  vitals: () => import('./vitals'),
  feedback: () => import('./feedback'),
  consent: () => import('./consent-prompt'),
};

const starts = new Map<ModuleName, (kit: Kit) => void>();

/** Loads the part `name` and gives it `kit`. A part that cannot be fetched is missed. */
export function loadModule(kit: Kit, _host: string, name: ModuleName): Promise<void> {
  const start = (): void => void guarded(starts.get(name)!)(kit);
  return PARTS[name]().then(start, () => undefined);
}

/** For a part: what begins it. */
export function begin(name: ModuleName, start: (kit: Kit) => void): void {
  starts.set(name, start);
}
