// Prints the gzip bytes of the first load and of each lazy route, and fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** What a phone on a poor network may have to fetch before the first screen, and per page after it. */
const INITIAL_KB_MAX = 300;
const ROUTE_KB_MAX = 150;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const gzipBytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** Every file that loading `key` fetches: the chunk, its static imports, their style sheets. */
function filesOf(key, seen = new Set(), files = new Set()) {
  if (seen.has(key)) return files;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const sheet of chunk.css ?? []) files.add(sheet);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen, files);
  return files;
}

const sum = (files) => [...files].reduce((bytes, file) => bytes + gzipBytes(file), 0) / 1024;
const initial = filesOf("index.html");
const initialKb = sum(initial);
let failed = initialKb > INITIAL_KB_MAX;
console.log(`first load  ${initialKb.toFixed(1).padStart(7)} KB gzip  (at most ${INITIAL_KB_MAX})`);

for (const [key, chunk] of Object.entries(manifest).sort()) {
  if (!chunk.isDynamicEntry) continue;
  const kb = sum([...filesOf(key)].filter((file) => !initial.has(file)));
  failed ||= kb > ROUTE_KB_MAX;
  console.log(`lazy        ${kb.toFixed(1).padStart(7)} KB gzip  ${key}`);
}
if (failed) {
  console.error("over the budget");
  process.exit(1);
}
