/** The npm package as an app gets it: what is in the tarball, that its types hold, and what it costs a bundle. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const sdk = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string; default: string }>;
};
let app = '';
let files: string[] = [];

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'telemetry-web-'));
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', app], { cwd: sdk, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(told.slice(told.indexOf('['))) as [{ filename: string; files: { path: string }[] }];
  files = packed.files.map((file) => file.path);
  const home = join(app, 'node_modules/@telemetry/web');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(app, packed.filename), '-C', home, '--strip-components=1']);
  for (const name of ['react', 'vue', '@types', '@vue', 'csstype']) {
    symlinkSync(join(sdk, 'node_modules', name), join(app, 'node_modules', name));
  }
  writeFileSync(join(app, 'package.json'), '{"type":"module","private":true}');
}, 60_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds what package.json exports, the licences, and nothing that an app has no use for', () => {
    const exported = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
    for (const path of exported) expect(files).toContain(path.replace('./', ''));
    for (const path of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'package.json']) expect(files).toContain(path);
    expect(files.filter((path) => !/^(dist\/.*\.(js|d\.ts)|README\.md|LICENSE-\w+|package\.json)$/.test(path))).toEqual([]);
  });
});

const USES = `
import { init, type Telemetry, type Options } from '@telemetry/web';
import { TelemetryProvider, useTelemetry, useTelemetryLevel } from '@telemetry/web/react';
import { telemetryPlugin, useTelemetry as useInVue } from '@telemetry/web/vue';
import { $t, type SunbirdConfig } from '@telemetry/web/sunbird';
const options: Options = { key: 'tmw_x', host: 'https://t.in', clicks: false };
const telemetry: Telemetry = init(options);
telemetry.interact({ type: 'CLICK', id: 'pay' });
telemetry.setLevel('basic');
const config: SunbirdConfig = { channel: 'hp', pdata: { id: 'app' } };
$t.initialize(config);
const ready: boolean = $t.isInitialized;
export { TelemetryProvider, useTelemetry, useTelemetryLevel, telemetryPlugin, useInVue, ready };
// What is wrong is refused: an expected error that does not come is an error itself.
// @ts-expect-error
init({ host: 'https://t.in' });
// @ts-expect-error
telemetry.interact({ id: 'without a type' });
// @ts-expect-error
telemetry.setLevel('everything');
// @ts-expect-error
useTelemetry().nope();
// @ts-expect-error
useInVue().nope();
// @ts-expect-error
$t.nope();
`;
function compile(source: string, resolution: 'bundler' | 'nodenext'): string {
  writeFileSync(join(app, 'main.ts'), source);
  const compilerOptions = {
    noEmit: true, strict: true, target: 'ES2022', lib: ['ES2022', 'DOM'], types: [], moduleResolution: resolution,
    module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  return spawnSync(join(sdk, 'node_modules/.bin/tsc'), ['-p', app], { encoding: 'utf8' }).stdout;
}

describe('the types', () => {
  it.each(['bundler', 'nodenext'] as const)('resolve from every entry, and refuse what is wrong (moduleResolution %s)', (resolution) => {
    expect(compile(USES, resolution)).toBe('');
  }, 30_000);
});

/** The minified code that a page of an app loads at once for `source`, without React and Vue, and what may follow. */
async function bundled(source: string): Promise<{ code: string; later: string[] }> {
  writeFileSync(join(app, 'main.js'), source);
  const result = await build({
    configFile: false,
    root: app,
    logLevel: 'error',
    build: {
      write: false,
      minify: 'oxc',
      target: 'es2019',
      lib: { entry: join(app, 'main.js'), formats: ['es'], fileName: 'main' },
      rolldownOptions: { external: ['react', 'vue'] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('the build gave no output');
  const chunks = new Map(output.output.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk] as const] : [])));
  const first = [...chunks.values()].filter((chunk) => chunk.isEntry);
  // What a chunk imports is loaded with it.
  for (const chunk of first) for (const name of chunk.imports) if (chunks.has(name)) first.push(chunks.get(name)!);
  const later = [...new Set(first.flatMap((chunk) => chunk.dynamicImports))];
  return { code: [...new Set(first)].map((chunk) => chunk.code).join(''), later };
}

/** Chunks that an app loads when they are needed. */
const PARTS = ['actions', 'consent', 'feedback', 'heatmap', 'vitals'];

describe('a bundle', () => {
  it.each([
    "import '@telemetry/web'; import '@telemetry/web/sunbird'; import '@telemetry/web/react'; import '@telemetry/web/vue';",
    "import { init } from '@telemetry/web'; import { $t } from '@telemetry/web/sunbird'; import { useTelemetry } from '@telemetry/web/react';",
  ])('has nothing of what it imports and does not use', async (source) => {
    expect((await bundled(source)).code.replaceAll(/import\s*["'](react|vue)["'];?/g, '').trim()).toBe('');
  });

  it('has of each entry what it uses: bytes', async () => {
    const sizes: Record<string, number> = {};
    for (const [name, source] of Object.entries({
      init: "import { init } from '@telemetry/web'; init({ key: 'tmw_x', host: 'https://t.in' });",
      sunbird: "import { $t } from '@telemetry/web/sunbird'; $t.initialize({});",
      react: "export { TelemetryProvider, useTelemetry } from '@telemetry/web/react';",
      vue: "export { telemetryPlugin, useTelemetry } from '@telemetry/web/vue';",
    })) {
      const { code, later } = await bundled(source);
      // What a level or an option may never need is fetched when it does.
      expect(later.map((path) => path.replace(/.*\/|-.*/g, '')).sort()).toEqual(name === 'sunbird' ? [] : PARTS);
      sizes[name] = gzipSync(code, { level: 9 }).length;
      expect(code.includes('EkTelemetry')).toBe(false);
      expect(code.includes('TelemetryEvent')).toBe(name === 'sunbird');
    }
    console.log(`bytes after gzip -9 in an app: ${JSON.stringify(sizes)}`);
    // A wrapper is thin, or it is a second SDK.
    expect(sizes['react']! - sizes['init']!).toBeLessThan(600);
    expect(sizes['vue']! - sizes['init']!).toBeLessThan(600);
  });

  it('imports on a server without a page', () => {
    const source = "import { $t } from '@telemetry/web/sunbird'; import '@telemetry/web'; $t.initialize({}); $t.interact({ type: 'CLICK', id: 'a' }); console.log($t.isInitialized);";
    writeFileSync(join(app, 'server.js'), source);
    expect(execFileSync('node', ['server.js'], { cwd: app, encoding: 'utf8' }).trim()).toBe('true');
  });
});
