import { expect, test } from "vitest";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { en } from "./en";
import { hi } from "./hi";

function flat(value: object, path = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, part] of Object.entries(value)) {
    const name = path === "" ? key : `${path}.${key}`;
    if (typeof part === "string") all.set(name, part);
    else for (const [inner, text] of flat(part as object, name)) all.set(inner, text);
  }
  return all;
}

const english = flat(en);
const hindi = flat(hi);
const blanks = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test("both languages have the same keys", () => {
  expect([...hindi.keys()].sort()).toEqual([...english.keys()].sort());
});

test("no text is empty, and every blank of a text stands in both languages", () => {
  for (const [key, text] of english) {
    expect(text.trim(), key).not.toBe("");
    expect(hindi.get(key)?.trim(), key).not.toBe("");
    expect(blanks(hindi.get(key) ?? ""), key).toEqual(blanks(text));
  }
});

/** Names of products and units that are written the same in both languages. */
const SAME = new Set(["dialect.sunbird", "dialect.posthog", "events.distinctId", "sql.type.json", "paths.edge"]);

test("Hindi is written in Devanagari", () => {
  for (const [key, text] of hindi) {
    if (SAME.has(key) || key.startsWith("start.client.")) continue;
    expect(text, key).toMatch(/[\u0900-\u097f]/);
  }
});

test("every reason code of the model has its words", () => {
  const model = readFileSync(join(import.meta.dirname, "../../../crates/model/src/outcome.rs"), "utf8");
  const codes = [...model.matchAll(/Reason::\w+ => "(\w+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(english.has(`reason.${code}`), code).toBe(true);
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\./.test(name) ? [path] : [];
  });
}

test("event data never becomes HTML", () => {
  for (const path of sources(join(import.meta.dirname, ".."))) {
    expect(readFileSync(path, "utf8"), path).not.toMatch(/dangerouslySetInnerHTML|\.innerHTML/);
  }
});
