/** docs/sdk.md leaves nothing out: every option and every method of the types is in it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const docs = read('../../docs/sdk.md');
const api = read('../src/api.ts');

/** The members of an interface, as written. */
function members(name: string): string[] {
  const body = new RegExp(`export interface ${name}[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(api)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map((match) => match[1]!);
}

it('every option has a row with its default', () => {
  const options = [...members('Options'), ...members('Captures')];
  expect(options.length).toBeGreaterThan(20);
  for (const option of options) expect(docs).toMatch(new RegExp(`^\\| \`${option}\` \\| \\S.* \\| \\S.* \\|$`, 'm'));
  const rows = docs.slice(docs.indexOf('| option |'), docs.indexOf('## What is recorded')).matchAll(/^\| `(\w+)` \|/gm);
  expect([...rows].map((row) => row[1]).filter((name) => !options.includes(name!))).toEqual([]);
});

it('every method has an example', () => {
  const code = [...docs.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]).join('\n');
  const methods = members('Telemetry').filter((name) => name !== 'version');
  expect(methods.length).toBeGreaterThan(25);
  for (const method of methods) expect(code).toContain(`telemetry.${method}(`);
});

it('every link inside the page and to another page leads somewhere', () => {
  const headings = [...docs.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-'));
  for (const [, target] of docs.matchAll(/\]\(([^)]+)\)/g)) {
    if (target!.startsWith('#')) expect(headings).toContain(target!.slice(1));
    else expect(() => read(`../../docs/${target!}`)).not.toThrow();
  }
});
