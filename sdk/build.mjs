// Builds the scripts that the server serves (dist/telemetry*.js) and the npm package (dist/*.js), and keeps the byte budgets.
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { build } from 'vite';

/**
 * Bytes of each file after gzip -9. Every visitor pays for telemetry.js, on phones too: its budget is the promise of the
 * README. The others are fetched when they are needed.
 */
const SCRIPTS = [
  { entry: 'src/script.ts', file: 'telemetry.js', gzipMax: 8 * 1024 },
  { entry: 'src/actions/index.ts', file: 'telemetry-actions.js', gzipMax: 4 * 1024 },
  { entry: 'src/heatmap/index.ts', file: 'telemetry-heatmap.js', gzipMax: 3 * 1024 },
  { entry: 'src/vitals/index.ts', file: 'telemetry-vitals.js', gzipMax: 4 * 1024 },
  { entry: 'src/feedback/index.ts', file: 'telemetry-feedback.js', gzipMax: 5 * 1024 },
  { entry: 'src/consent-prompt/index.ts', file: 'telemetry-consent.js', gzipMax: 5 * 1024 },
  { entry: 'src/sunbird/script.ts', file: 'telemetry-sunbird.js', gzipMax: 10 * 1024 },
];

/**
 * Names that only we use, shortened. Not here: what is in the public API, on the wire, in an option, or in the DOM. The
 * parts meet telemetry.js by these names, so each has one short form in all files; and browsers cache each file on its
 * own, so add at the end only: a part of the version before finds its names where they were.
 */
const OWN_NAMES = (
  'levelNow client emit platform idly local view later idle custom attend scrolled leave leveled noticed ' +
  'unsent fresh lost startedAt activeAt sessionId engagedMs beatMs claim groups highest chosen choose change ' +
  'destroy beacon sessions identity delivery queue wants onAddress onLeave onLevel options early heard ' +
  'inView touch hide show online own calls more lostCount written settle rest'
).split(' ');
const LETTERS = 'etnriaoscludfpmhgvybxwkjqzETNRIAOSCLUDFPMHGVYBXWKJQZ';
const mangleProps = {
  include: new RegExp(`^(${OWN_NAMES.join('|')})$`),
  cache: Object.fromEntries(OWN_NAMES.map((name, index) => [name, index < 52 ? LETTERS[index] : `$${LETTERS[index - 52]}`])),
};

// A field of an event that had one of these names would be sent under another.
const policy = readFileSync(new URL('../policy/levels.toml', import.meta.url), 'utf8');
const fields = policy.slice(policy.indexOf('[fields.')).match(/^"?[\w$.]+(?="? = )/gm);
const words = new Set(fields.flatMap((path) => path.replace('"', '').split('.')));
const taken = OWN_NAMES.filter((name) => words.has(name));
if (taken.length > 0) throw new Error(`also names on the wire: ${taken.join(', ')}`);

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles `entry` into `dist/<file>`; an entry is a whole program, so nothing is shared between the files. */
async function bundle(entry, format, file, minify) {
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
      ...(minify && { rolldownOptions: { output: { minify }, optimization: { inlineConst: { mode: 'all', pass: 3 } } } }),
    },
  });
}

/** In the package the parts are chunks of the app's own bundle: src/bundled.ts stands in for src/modules.ts. */
const bundledParts = {
  name: 'bundled-parts',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source.endsWith('/modules') && !importer.endsWith('/bundled.ts') ? here('src/bundled.ts') : undefined,
};

/** The npm package: modules that share what they have in common, names as written, for bundlers to work on. */
async function packageModules() {
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    plugins: [bundledParts],
    build: {
      target: 'es2019',
      outDir: here('dist'),
      emptyOutDir: false,
      minify: false,
      lib: {
        entry: {
          index: here('src/index.ts'),
          sunbird: here('src/sunbird/index.ts'),
          react: here('src/react/index.ts'),
          vue: here('src/vue/index.ts'),
        },
        formats: ['es'],
      },
      rolldownOptions: {
        external: ['react', 'vue'],
        output: {
          entryFileNames: '[name].js',
          // Parts run when they are loaded: package.json says so of their folder, and of nothing else.
          chunkFileNames: (chunk) => (chunk.isDynamicEntry ? 'parts/[name].js' : 'shared/[name].js'),
          // Next.js renders what does not say so on the server only.
          banner: (chunk) => (chunk.name === 'react' ? "'use client';" : ''),
        },
      },
    },
  });
}

rmSync(here('dist'), { recursive: true, force: true });
let over = false;
for (const { entry, file, gzipMax } of SCRIPTS) {
  await bundle(entry, 'iife', file, { compress: { target: 'es2019' }, mangle: true, mangleProps });
  const bytes = readFileSync(here(`dist/${file}`));
  // Cheap phones keep old browsers: newer syntax than theirs would silence the whole script.
  parse(bytes.toString(), { ecmaVersion: 2019 });
  const gzipBytes = gzipSync(bytes, { level: 9 }).length;
  console.log(`dist/${file}: ${bytes.length} bytes, ${gzipBytes} gzip (budget ${gzipMax})`);
  if (gzipBytes > gzipMax) {
    console.error(`${file} is ${gzipBytes - gzipMax} bytes above its budget`);
    over = true;
  }
}
await packageModules();
if (over) process.exit(1);
