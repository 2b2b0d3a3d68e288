import classes from "./BarList.module.css";
import type { Line } from "./LineChart";

interface BarListProps {
  bars: readonly Line[];
  /** One name per place; a name may be long and in any script. */
  labels: readonly string[];
  /** What the picture says. */
  summary: string;
  formatValue: (value: number | null | undefined) => string;
}

/** Bars that lie, for places with names: a real table, so that each name is read in full and each number is told. */
export function BarList({ bars, labels, summary, formatValue }: BarListProps) {
  const values = bars.flatMap((bar) => bar.data.filter((value) => value !== null));
  const top = Math.max(0, ...values);
  const bottom = Math.min(0, ...values);
  const span = top - bottom || 1;
  const share = (value: number) => `${(Math.abs(value) / span) * 100}%`;
  return (
    <table className={classes.list} aria-label={summary}>
      <tbody>
        {labels.map((label, at) => (
          <tr key={at}>
            <th scope="row" title={label}>
              <span className={classes.name}>{label}</span>
            </th>
            <td>
              {bars.map((bar, index) => {
                const value = bar.data[at] ?? null;
                return (
                  <span key={index} className={classes.track}>
                    {bars.length > 1 && <span className="tm-visually-hidden">{bar.name}</span>}
                    <span
                      className={classes.bar}
                      style={{
                        background: bar.colour,
                        width: share(value ?? 0),
                        marginInlineStart: share(value !== null && value < 0 ? bottom - value : bottom),
                      }}
                    />
                    <span className={classes.value}>{formatValue(value)}</span>
                  </span>
                );
              })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
