/** What tables and columns mean, in the page's language where it knows them; else in the server's own words. */
import type { TFunction } from "i18next";
import type { Table } from "../api/sql";
import { en } from "../i18n/en";

type Known = keyof typeof en.sql.about;
const isKnown = (name: string): name is Known => Object.hasOwn(en.sql.about, name);

/** What the server says of a column that is nothing but a property; its name and type say as much. */
const PLAIN_PROPERTY = "property";

export function described(t: TFunction, tables: readonly Table[]): Table[] {
  const words = (name: string, own: string) => (isKnown(name) ? t(`sql.about.${name}`) : own === PLAIN_PROPERTY ? "" : own);
  return tables.map((table) => ({
    ...table,
    description: words(table.name, table.description),
    columns: table.columns.map((column) => ({ ...column, description: words(`${table.name} ${column.name}`, column.description) })),
  }));
}
