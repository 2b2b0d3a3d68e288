import { Tooltip } from "@mantine/core";
import classes from "./Frame.module.css";
import { NumberButton } from "./NumberButton";

export interface NumberColumn {
  name: string;
  /** What it means, on hover. */
  note?: string;
  /** Why its numbers may still change. */
  growing?: string;
}

export interface NumberCell {
  text: string;
  strong?: boolean;
  onOpen?: (() => void) | undefined;
}

export interface NumberRow {
  name: string;
  colour?: string;
  cells: readonly NumberCell[];
}

interface NumberTableProps {
  /** What the numbers are. */
  label: string;
  /** What a row is. */
  rowHead: string;
  columns: readonly NumberColumn[];
  rows: readonly NumberRow[];
}

/** Every number of a picture, each of which may open the people behind it. */
export function NumberTable({ label, rowHead, columns, rows }: NumberTableProps) {
  return (
    <div className={`${classes.table} tm-scroll`} tabIndex={0} role="region" aria-label={label}>
      <table className="tm-table">
        <caption className="tm-visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.sticky}>
              {rowHead}
            </th>
            {columns.map(({ name, note, growing }, at) => (
              <th key={`${at} ${name}`} scope="col" className="tm-number">
                {note ? (
                  <Tooltip label={note}>
                    <span>{name}</span>
                  </Tooltip>
                ) : (
                  name
                )}
                {growing && <span title={growing}> *</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${index} ${row.name}`}>
              <th scope="row" className={classes.sticky}>
                <span className={classes.rowName}>
                  {row.colour && <span className={classes.swatch} style={{ background: row.colour }} />}
                  <span className="tm-clip" title={row.name}>
                    {row.name}
                  </span>
                </span>
              </th>
              {row.cells.map(({ text, strong, onOpen }, at) => (
                <td key={at} className="tm-number">
                  <NumberButton text={text} of={`${row.name}, ${columns[at]?.name ?? ""}`} onOpen={onOpen}>
                    {strong ? <strong>{text}</strong> : text}
                  </NumberButton>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
