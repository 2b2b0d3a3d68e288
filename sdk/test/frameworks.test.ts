/** The React and Vue wrappers: one SDK however often components are made, silent on a server, clear about mistakes. */
import { JSDOM } from 'jsdom';
import { createElement, StrictMode, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { once, silent } from '../src/once';
import { TelemetryProvider, useTelemetry, useTelemetryLevel } from '../src/react';
import { telemetryPlugin, useTelemetry as useInVue } from '../src/vue';

const options = { key: 'tmw_k', host: 'https://t.school.in', level: 'basic' as const };

/** A page as `window`, until the test is over. */
function page(): JSDOM {
  const dom = new JSDOM('<!doctype html><div id="app"></div>', { url: 'https://school.in/home', pretendToBeVisual: true });
  vi.stubGlobal('window', dom.window);
  vi.stubGlobal('document', dom.window.document);
  vi.stubGlobal('navigator', dom.window.navigator);
  Object.assign(dom.window, { fetch: () => Promise.resolve(new Response('{}')) });
  return dom;
}
afterEach(() => vi.unstubAllGlobals());

describe('once', () => {
  it('begins one SDK for each key and host, and another for another', () => {
    page();
    expect(once(options)).toBe(once({ ...options }));
    expect(once({ ...options, key: 'tmw_other' })).not.toBe(once(options));
  });

  it('is silent without a page: every call is there, none does anything, none is awaited for ever', async () => {
    const telemetry = once(options);
    expect(telemetry).toBe(once({ ...options, key: 'other' }));
    telemetry.track('x');
    telemetry.interact({ type: 'CLICK', id: 'a' });
    expect(telemetry.getLevel()).toBe('security');
    telemetry.onLevelChange(() => undefined)();
    await expect(silent().flush()).resolves.toBe(true);
    expect((await silent().exportQueue()).size).toBe(0);
    expect(silent().version).toBe('');
  });
});

describe('React', () => {
  function Child(): ReactElement {
    useTelemetry().track('rendered');
    return createElement('output', null, useTelemetryLevel());
  }

  it('renders on a server, at the lowest level', () => {
    const html = renderToString(createElement(StrictMode, null, createElement(TelemetryProvider, { options }, createElement(Child))));
    expect(html).toBe('<output>security</output>');
  });

  it('begins once under StrictMode, and the level follows a choice', async () => {
    const dom = page();
    const { createRoot } = await import('react-dom/client');
    const { act } = await import('react');
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    const seen = new Set<unknown>();
    const Watching = (): ReactElement => {
      seen.add(useTelemetry());
      return createElement(Child);
    };
    const tree = createElement(StrictMode, null, createElement(TelemetryProvider, { options: { ...options, key: 'tmw_react' } }, createElement(Watching)));
    const root = dom.window.document.querySelector('#app')!;
    const mounted = createRoot(root);
    await act(async () => mounted.render(tree));
    expect(root.textContent).toBe('basic');
    expect(seen.size).toBe(1);
    await act(async () => once({ ...options, key: 'tmw_react' }).optOut());
    expect(root.textContent).toBe('security');
    await act(async () => mounted.unmount());
  });

  it('says what is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderToString(createElement(Child))).toThrow('useTelemetry needs a <TelemetryProvider>');
  });
});

describe('Vue', () => {
  const Child = defineComponent({
    setup() {
      const telemetry = useInVue();
      return () => h('output', telemetry.getLevel());
    },
  });

  it('renders on a server, at the lowest level', async () => {
    expect(await renderVue(createSSRApp(Child).use(telemetryPlugin, options))).toBe('<output>security</output>');
  });

  it('records what Vue keeps from the window, and leaves the app’s own handler its turn', () => {
    page();
    const telemetry = once({ ...options, key: 'tmw_vue' });
    const told = vi.spyOn(telemetry, 'error');
    const app = createSSRApp(Child);
    const own = vi.fn();
    app.config.errorHandler = own;
    app.use(telemetryPlugin, { ...options, key: 'tmw_vue' });
    const error = new TypeError('broken');
    app.config.errorHandler(error, null, 'render');
    expect(told).toHaveBeenCalledWith({ err: 'TypeError', errtype: 'SYSTEM', stacktrace: error.stack });
    expect(own).toHaveBeenCalledWith(error, null, 'render');
    expect(app.config.globalProperties['$telemetry']).toBe(telemetry);
  });

  it('says what is missing', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await expect(renderVue(createSSRApp(Child))).rejects.toThrow('useTelemetry needs app.use(telemetryPlugin');
  });
});
