import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Column, SqlAnswer } from "../api/sql";
import { cellText, COLUMN_PX_MAX, columnWidths, isNumeric } from "./cell";
import { RowDetail } from "./RowDetail";
import classes from "./Result.module.css";

const ROW_PX = 33;
/** Up to here all rows are in the page, so that the browser's own search finds them; beyond, those in sight. */
const ROWS_AT_ONCE = 300;
const OVERSCAN_ROWS = 16;
/** The column of row numbers. */
const NUMBER_PX = 62;

/** The rows of a result. What an event carried is text here and nothing else. */
export function ResultTable({ answer }: { answer: Pick<SqlAnswer, "columns" | "rows"> }) {
  const { t } = useTranslation();
  const { columns, rows } = answer;
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const widths = useMemo(() => columnWidths(answer, COLUMN_PX_MAX[narrow ? "narrow" : "wide"]), [answer, narrow]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: rows.length <= ROWS_AT_ONCE ? ROWS_AT_ONCE : OVERSCAN_ROWS,
    initialRect: { width: 800, height: 480 },
  });
  const shown = virtual.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const gap = (px: number) =>
    px > 0 && (
      <tr aria-hidden="true">
        <td colSpan={columns.length + 2} style={{ height: px, padding: 0, border: 0 }} />
      </tr>
    );
  return (
    <>
      <div ref={frame} className={`${classes.frame} tm-scroll`} tabIndex={0} role="region" aria-label={t("sql.rows")}>
        <table
          className={`tm-table ${classes.table}`}
          aria-label={t("sql.result")}
          aria-rowcount={rows.length + 1}
          style={{ minWidth: widths.reduce((sum, width) => sum + width, NUMBER_PX) }}
        >
          <colgroup>
            <col style={{ width: NUMBER_PX }} />
            {widths.map((width, index) => (
              <col key={index} style={{ width }} />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className={classes.number}>
                <span className="tm-visually-hidden">{t("sql.rowNumber")}</span>
              </th>
              {columns.map((column, index) => (
                <th key={index} scope="col" className={isNumeric(column.type) ? "tm-number" : undefined} title={column.name}>
                  <span className={`${classes.name} tm-clip`}>{column.name}</span>{" "}
                  <span className={classes.type}>{t(`sql.type.${column.type}`)}</span>
                </th>
              ))}
              <td aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {gap(before)}
            {shown.map(({ index }) => (
              <Row key={index} index={index} row={rows[index] ?? []} columns={columns} onOpen={setOpen} />
            ))}
            {gap(after)}
          </tbody>
        </table>
      </div>
      <RowDetail
        columns={columns}
        row={open === null ? null : (rows[open] ?? null)}
        index={open ?? 0}
        onClose={() => setOpen(null)}
      />
    </>
  );
}

interface RowProps {
  index: number;
  row: readonly unknown[];
  columns: readonly Column[];
  onOpen: (index: number) => void;
}

const Row = memo(function Row({ index, row, columns, onOpen }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr aria-rowindex={index + 2} data-open-able style={{ height: ROW_PX }}>
      <td className={classes.number}>
        <button
          type="button"
          className={classes.open}
          aria-label={t("sql.openRow", { number: index + 1 })}
          onClick={() => onOpen(index)}
        >
          {index + 1}
        </button>
      </td>
      {columns.map((column, at) => {
        const text = cellText(row[at], column.type);
        return (
          <td key={at} className={`${isNumeric(column.type) ? "tm-number" : ""} ${classes.cell} tm-clip`}>
            {text === null ? <span className={classes.null}>NULL</span> : text}
          </td>
        );
      })}
      <td aria-hidden="true" />
    </tr>
  );
});
