import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Table } from "../api/sql";
import { Icon } from "../parts/icons";
import { described } from "./about";
import { quoted } from "./quote";
import classes from "./Sql.module.css";

/** More names than this nobody reads; the search finds the others. */
const SHOWN_MAX = 200;

interface SchemaTreeProps {
  tables: readonly Table[];
  /** Called with the name as a query writes it. */
  onInsert: (text: string) => void;
}

/** Tables and columns with what they mean. A click writes the name where the cursor is. */
export function SchemaTree({ tables, onInsert }: SchemaTreeProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const found = described(t, tables)
    .map((table) => ({
      table,
      columns: table.columns.filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted)),
    }))
    .filter(({ table, columns }) => columns.length > 0 || table.name.toLowerCase().includes(wanted));
  return (
    <>
      <div className={classes.search}>
        <TextInput
          size="xs"
          aria-label={t("sql.searchSchema")}
          placeholder={t("sql.searchSchema")}
          leftSection={<Icon name="search" size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div className={classes.tree}>
        {found.length === 0 && <p className={classes.nothing}>{t("data.noneFound")}</p>}
        {found.map(({ table, columns }) => (
          <details key={table.name} className={classes.tableItem} open>
            <summary>
              <span className={classes.tableName}>{table.name}</span>
              <span className={classes.count}>{t("sql.columns", { count: table.columns.length })}</span>
            </summary>
            {table.description && <p className={classes.about}>{table.description}</p>}
            <ul className={classes.columns} aria-label={t("sql.columnsOf", { table: table.name })}>
              <li>
                <button type="button" className={classes.column} onClick={() => onInsert(quoted(table.name))}>
                  <span className={classes.columnHead}>
                    <span className={classes.columnName}>{quoted(table.name)}</span>{" "}
                    <span className={classes.columnType}>{t("sql.table")}</span>
                  </span>
                </button>
              </li>
              {columns.slice(0, SHOWN_MAX).map((column) => (
                <li key={column.name}>
                  <button
                    type="button"
                    className={classes.column}
                    title={column.description || column.name}
                    onClick={() => onInsert(quoted(column.name))}
                  >
                    <span className={classes.columnHead}>
                      <span className={classes.columnName}>{column.name}</span>{" "}
                      <span className={classes.columnType}>{t(`sql.type.${column.type}`)}</span>
                    </span>{" "}
                    {column.description && <span className={classes.columnAbout}>{column.description}</span>}
                  </button>
                </li>
              ))}
            </ul>
            {columns.length > SHOWN_MAX && (
              <p className={classes.nothing}>{t("sql.moreColumns", { count: columns.length - SHOWN_MAX })}</p>
            )}
          </details>
        ))}
      </div>
    </>
  );
}
