/**
 * Vue 3: a plugin.
 *
 *     createApp(App).use(telemetryPlugin, { key: 'tmw_…', host: 'https://telemetry.school.in' }).mount('#app');
 *     const telemetry = useTelemetry();        // or $telemetry in a template
 */
import { inject, type InjectionKey, type Plugin } from 'vue';
import type { Options, Telemetry } from '../api';
import { once } from '../once';

export type { Level, Options, Telemetry } from '../api';

const KEY: InjectionKey<Telemetry> = Symbol('telemetry');

/** Begins the SDK once, gives it to all components, and records the errors that Vue keeps from the window. */
export const telemetryPlugin: Plugin<[Options]> = {
  install(app, options) {
    const telemetry = once(options);
    app.provide(KEY, telemetry);
    app.config.globalProperties['$telemetry'] = telemetry;
    const before = app.config.errorHandler;
    app.config.errorHandler = (error, instance, info) => {
      const { name, stack } = error instanceof Error ? error : { name: 'Error', stack: String(error) };
      telemetry.error({ err: name, errtype: 'SYSTEM', stacktrace: stack ?? '' });
      if (before) before(error, instance, info);
      else console.error(error);
    };
  },
};

/** The SDK of the app. Throws where the plugin is not installed: that is a mistake in the app. */
export function useTelemetry(): Telemetry {
  const telemetry = inject(KEY);
  if (!telemetry) throw new Error('useTelemetry needs app.use(telemetryPlugin, { key, host })');
  return telemetry;
}

declare module 'vue' {
  interface ComponentCustomProperties {
    $telemetry: Telemetry;
  }
}
