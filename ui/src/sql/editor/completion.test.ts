import { CompletionContext } from "@codemirror/autocomplete";
import { LanguageSupport } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import type { Table } from "../../api/sql";
import { completionSource } from "./completion";
import { dialect } from "./dialect";

const TABLES: Table[] = [
  {
    name: "events",
    description: "",
    columns: [
      { name: "event_at", type: "timestamp", description: "When" },
      { name: "edata.pageid", type: "text", description: "" },
      { name: "order", type: "text", description: "" },
    ],
  },
  { name: "persons", description: "", columns: [{ name: "person_id", type: "text", description: "" }] },
];
const source = completionSource(TABLES, ["edata.pageid", "it's"]);

/** What is offered where `|` stands, as label → text that is written. */
function offered(text: string, explicit = false) {
  const pos = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", ""), extensions: [new LanguageSupport(dialect.language)] });
  const result = source(new CompletionContext(state, pos, explicit));
  if (!result || result instanceof Promise) return null;
  return { from: result.from, texts: new Map(result.options.map((one) => [one.label, one.apply ?? one.label])) };
}

test("names that need quotes get them, others do not", () => {
  const at = offered("SELECT e|");
  expect(at?.from).toBe(7);
  expect(at?.texts.get("event_at")).toBe("event_at");
  expect(at?.texts.get("edata.pageid")).toBe('"edata.pageid"');
  expect(at?.texts.get("order")).toBe('"order"');
  expect(at?.texts.get("count")).toBe("count(");
  expect(at?.texts.get("WHERE")).toBe("WHERE");
});

test("a name with dots is completed past its dots, also within quotes", () => {
  expect(offered("SELECT edata.pa|")?.from).toBe(7);
  const within = offered('SELECT "edata.pa|');
  expect(within?.from).toBe(8);
  expect(within?.texts.get("edata.pageid")).toBe('edata.pageid"');
  expect(offered('SELECT "edata.pa|"')?.texts.get("edata.pageid")).toBe("edata.pageid");
});

test("after a table and a point only its columns are offered", () => {
  const at = offered("SELECT persons.|");
  expect([...(at?.texts.keys() ?? [])]).toEqual(["person_id"]);
});

test("within properties[''] the properties are offered, quotes doubled", () => {
  expect(offered("SELECT properties['ed|")?.texts.get("edata.pageid")).toBe("edata.pageid']");
  expect(offered("SELECT properties['|']")?.texts.get("it''s")).toBe("it''s");
});

test("nothing is offered in comments, texts and empty places, unless asked for", () => {
  expect(offered("SELECT 1 -- ev|")).toBeNull();
  expect(offered("SELECT 'ev|'")).toBeNull();
  expect(offered("SELECT |")).toBeNull();
  expect(offered("SELECT |", true)?.texts.has("events")).toBe(true);
});
