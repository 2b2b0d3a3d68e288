// Node's own module resolution, which TypeScript follows where an app asks for it, wants the file's whole name.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = fileURLToPath(new URL('dist/types', import.meta.url));
for (const name of readdirSync(types, { recursive: true }).filter((each) => each.endsWith('.d.ts'))) {
  const file = join(types, name);
  const whole = (path) => (existsSync(join(dirname(file), `${path}.d.ts`)) ? `${path}.js` : `${path}/index.js`);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/((?:from|import)\s*\(?\s*['"])(\.{1,2}\/[^'"]+)(?=['"])/g, (_, before, path) => before + whole(path)));
}
