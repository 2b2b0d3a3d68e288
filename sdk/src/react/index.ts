/**
 * React: a provider that begins the SDK once, and hooks.
 *
 *     <TelemetryProvider options={{ key: 'tmw_…', host: 'https://telemetry.school.in' }}><App /></TelemetryProvider>
 *     const telemetry = useTelemetry();
 */
import { createContext, createElement, useContext, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import type { Level, Options, Telemetry } from '../api';
import { once } from '../once';

export type { Level, Options, Telemetry } from '../api';

const Context = createContext<Telemetry | undefined>(undefined);

export interface TelemetryProviderProps {
  /** What `init` takes. Read once; later changes are ignored. */
  options: Options;
  children?: ReactNode;
}

/** Begins the SDK in the browser and gives it to the components inside. On a server it renders them and is silent. */
export function TelemetryProvider({ options, children }: TelemetryProviderProps): ReactElement {
  return createElement(Context.Provider, { value: once(options) }, children);
}

/** The SDK of the provider above. Throws where there is none: that is a mistake in the app, seen at its first render. */
export function useTelemetry(): Telemetry {
  const telemetry = useContext(Context);
  if (!telemetry) throw new Error('useTelemetry needs a <TelemetryProvider> above it');
  return telemetry;
}

/** The level in force; the component renders again when it changes. */
export function useTelemetryLevel(): Level {
  const telemetry = useTelemetry();
  // A server does not know whose page it renders: the lowest level, until the browser takes over.
  return useSyncExternalStore(telemetry.onLevelChange, telemetry.getLevel, () => 'security');
}
