import { useTranslation } from "react-i18next";
import type { Cell, SeriesAnswer, TrendsAnswer, TrendsQuestion } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { besideOf, Change } from "../../parts/Change";
import { NumberButton } from "../frame/NumberButton";
import { cellOf } from "./cellOf";
import classes from "./Trends.module.css";

interface TrendsNumbersProps {
  answer: TrendsAnswer;
  question: TrendsQuestion;
  names: readonly string[];
  colours: readonly string[];
  onOpen?: (cell: Cell) => void;
}

const totalOf = ({ total, sum }: SeriesAnswer): number | null => total ?? sum ?? null;

/** One number per line over the whole range, beside that of the other period. */
export function TrendsNumbers({ answer, question, names, colours, onOpen }: TrendsNumbersProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <dl className={classes.numbers} aria-label={t("trends.display.number")}>
      {answer.series.map((line, at) => {
        if (line.compare_label === "previous") return null;
        const before = answer.series.find(
          (other) =>
            other.compare_label === "previous" && other.series === line.series && other.breakdown_value === line.breakdown_value,
        );
        const [now, then] = [totalOf(line), before && totalOf(before)];
        const cell = now ? cellOf(question, line) : undefined;
        const name = names[at] ?? "";
        return (
          <div key={`${line.series} ${line.breakdown_value ?? ""}`}>
            <dt>
              <span className={classes.swatch} style={{ background: colours[at] }} />
              <span className="tm-clip" title={name}>
                {name}
              </span>
            </dt>
            <dd>
              <span className={classes.number}>
                <NumberButton text={numbers.full(now)} of={name} onOpen={onOpen && cell ? () => onOpen(cell) : undefined} />
              </span>
              {then !== undefined && now !== null && (
                <span className={classes.before}>
                  <Change beside={besideOf(now, then ?? 0)} /> {t("web.was", { number: numbers.full(then) })}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
