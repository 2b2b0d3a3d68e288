// Builds dist/telemetry.js (one script tag, served by the server) and dist/index.js (npm), and keeps the byte budget.
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { build } from 'vite';

/** Bytes of telemetry.js after gzip -9. Every visitor pays for them, on phones too; the budget is the promise of the README. */
const GZIP_BYTES_MAX = 8 * 1024;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles `entry` into `dist/<file>`; an entry is a whole program, so nothing is shared between the two files. */
async function bundle(entry, format, file) {
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    build: {
      target: 'es2019',
      outDir: here('dist'),
      emptyOutDir: false,
      minify: 'oxc',
      sourcemap: 'hidden',
      lib: { entry: here(entry), formats: [format], name: 'telemetryScript', fileName: () => file },
    },
  });
}

rmSync(here('dist'), { recursive: true, force: true });
await bundle('src/script.ts', 'iife', 'telemetry.js');
await bundle('src/index.ts', 'es', 'index.js');

const bytes = readFileSync(here('dist/telemetry.js'));
const gzipBytes = gzipSync(bytes, { level: 9 }).length;
console.log(`dist/telemetry.js: ${bytes.length} bytes, ${gzipBytes} gzip (budget ${GZIP_BYTES_MAX})`);
// Cheap phones keep old browsers: newer syntax than theirs would silence the whole script.
parse(bytes.toString(), { ecmaVersion: 2019 });
if (gzipBytes > GZIP_BYTES_MAX) {
  console.error(`telemetry.js is ${gzipBytes - GZIP_BYTES_MAX} bytes above its budget`);
  process.exit(1);
}
