import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Column } from "../api/sql";
import { CopyButton } from "../parts/Copy";
import { exactText, rowJson } from "./cell";
import classes from "./Result.module.css";

interface RowDetailProps {
  columns: readonly Column[];
  /** Null: nothing is open. */
  row: readonly unknown[] | null;
  /** Its place, from 0. */
  index: number;
  onClose: () => void;
}

/** One row with every value in full, in a drawer at the side. */
export function RowDetail({ columns, row, index, onClose }: RowDetailProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={t("sql.row", { number: index + 1 })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {row && (
        <>
          <CopyButton text={() => rowJson(columns, row)} label={t("events.copyJson")} variant="default" />
          <dl className={classes.facts}>
            {columns.map((column, at) => (
              <div key={at}>
                <dt>
                  <span className="tm-mono">{column.name}</span> <span className={classes.type}>{t(`sql.type.${column.type}`)}</span>
                </dt>
                <dd>
                  {row[at] === null || row[at] === undefined ? <span className={classes.null}>NULL</span> : fullText(row[at])}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Drawer>
  );
}

/** Nested values on lines of their own. */
const fullText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value, null, 2) : exactText(value);
