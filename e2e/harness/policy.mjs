/** policy/levels.toml read once more, by other code than that of the product: what may leave a page at a level. */
import { readFileSync } from 'node:fs';
import { folder } from './paths.mjs';

export const LEVELS = ['security', 'basic', 'enhanced', 'full'];

/** `{ events: {name: level}, fields: {event: {path: {from, as, below}}}, custom }`; levels are numbers. */
export function readPolicy() {
  const policy = { events: {}, fields: {}, custom: undefined };
  let into;
  for (const raw of readFileSync(folder('../policy/levels.toml'), 'utf8').split('\n')) {
    const line = raw.trim();
    const table = /^\[(?:fields\."?([^"\]]+)"?|(events|prefixes))\]$/.exec(line);
    if (table) into = table[1] ? (policy.fields[table[1]] = {}) : table[2];
    const entry = /^"?([^"=]+?)"?\s*=\s*(.+)$/.exec(line);
    if (!entry || line.startsWith('#')) continue;
    const [, name, value] = entry;
    if (into === 'events') policy.events[name] = LEVELS.indexOf(JSON.parse(value));
    else if (typeof into === 'object') into[name] = rule(value);
    else if (name === 'custom') policy.custom = LEVELS.indexOf(JSON.parse(value));
  }
  return policy;
}

function rule(value) {
  const part = (name) => new RegExp(`${name} = ("[^"]*"|\\[\\])`).exec(value)?.[1];
  if (!value.startsWith('{')) return { from: LEVELS.indexOf(JSON.parse(value)) };
  const [as, below] = [part('as'), part('below')];
  return { from: LEVELS.indexOf(JSON.parse(part('from'))), as: as && JSON.parse(as), below: below && JSON.parse(below) };
}
