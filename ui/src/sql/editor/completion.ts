/** What the editor offers while a query is written: tables, columns, properties, functions, keywords. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { Table } from "../../api/sql";
import { quoted } from "../quote";
import { FUNCTION_LIST, KEYWORD_LIST } from "./dialect";

/** Properties have names of their own, which are no columns: `properties['edata.pageid']`. */
const IN_PROPERTY = /\bproperties\s*\[\s*'((?:[^'\n]|'')*)$/;
/** A name that is being written, with quotes or without; a point may lead from a table to its column. */
const IN_NAME = /"[^"\n]*$|[\w$][\w$.]*$/;

const KEYWORDS: readonly Completion[] = KEYWORD_LIST.map((label) => ({ label, type: "keyword", boost: -20 }));
const FUNCTIONS: readonly Completion[] = FUNCTION_LIST.map((label) => ({
  label,
  type: "function",
  apply: `${label}(`,
  boost: -10,
}));

function namesOf(tables: readonly Table[]): Completion[] {
  const columns = new Map<string, Completion>();
  for (const table of tables) {
    for (const column of table.columns) {
      if (columns.has(column.name)) continue;
      columns.set(column.name, {
        label: column.name,
        type: "property",
        detail: column.type,
        apply: quoted(column.name),
        ...(column.description === "" ? {} : { info: column.description }),
      });
    }
  }
  const own = tables.map(
    (table): Completion => ({
      label: table.name,
      type: "class",
      apply: quoted(table.name),
      boost: 10,
      ...(table.description === "" ? {} : { info: table.description }),
    }),
  );
  return [...own, ...columns.values()];
}

const NO_NAMES = new Set(["LineComment", "BlockComment", "String", "Number"]);

/** Made once per schema. `properties` are the names that this project's events carry. */
export function completionSource(tables: readonly Table[], properties: readonly string[]): CompletionSource {
  const names = namesOf(tables);
  const all = [...names, ...FUNCTIONS, ...KEYWORDS];
  const keys = properties.map((name): Completion => ({ label: name.replaceAll("'", "''"), type: "property" }));
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const inProperty = IN_PROPERTY.exec(before);
    if (inProperty) {
      const closed = line.text.slice(context.pos - line.from).startsWith("']");
      return {
        from: context.pos - (inProperty[1] ?? "").length,
        options: closed ? keys : keys.map((key) => ({ ...key, apply: `${key.label}']` })),
        validFor: /^[^'\n]*$/,
      };
    }
    if (NO_NAMES.has(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const word = IN_NAME.exec(before)?.[0] ?? "";
    if (word === "" && !context.explicit) return null;
    if (word.startsWith('"')) {
      const closed = line.text.charAt(context.pos - line.from) === '"';
      return {
        from: context.pos - word.length + 1,
        options: names.map((name) => ({ ...name, apply: closed ? name.label : `${name.label}"` })),
        validFor: /^[^"\n]*$/,
      };
    }
    const table = tables.find((one) => word.startsWith(`${one.name}.`));
    if (table) return { from: context.pos - word.length + table.name.length + 1, options: namesOf([table]).slice(1), validFor: /^[\w$.]*$/ };
    return { from: context.pos - word.length, options: all, validFor: /^[\w$.]*$/ };
  };
}
