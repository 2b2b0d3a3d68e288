/** What the suites need on the machine; says in one line what is missing instead of failing in forty places. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { binary, chromiumPath, folder, out, python } from './paths.mjs';

export default function setup() {
  const wants = [
    [existsSync(binary), `${binary}: build it (cargo build), or name another with TELEMETRY_BIN`],
    [existsSync(folder('../sdk/dist/telemetry.js')), 'sdk/dist/telemetry.js: run npm ci && npm run build in sdk/'],
    [existsSync(folder('../ui/dist/index.html')), 'ui/dist/index.html: run npm ci && npm run build in ui/'],
    ...['examples', 'examples/next'].map((name) => [existsSync(folder(`../${name}/node_modules/@telemetry/web`)), `${name}/node_modules: run npm ci in ${name}/`]),
    [existsSync(chromiumPath), `${chromiumPath}: apt-get install chromium, or name another with CHROMIUM_BIN`],
    [
      spawnSync(python, ['-c', 'import posthog']).status === 0,
      `${python} with posthog: python3 -m venv .venv && .venv/bin/pip install -r e2e/requirements.txt`,
    ],
  ];
  const missing = wants.filter(([present]) => !present).map(([, what]) => `  ${what}`);
  if (missing.length > 0) throw new Error(`missing:\n${missing.join('\n')}`);
  mkdirSync(out, { recursive: true });
}
