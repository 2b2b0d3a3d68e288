import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Cell, FunnelAnswer, FunnelQuestion, FunnelRow } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { coloursOf } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import { type ViewProps, valueName } from "../frame/kind";
import { NumberButton } from "../frame/NumberButton";
import classes from "./Funnel.module.css";
import { stepCell, stepNames } from "./stepNames";
import { StepsTable } from "./StepsTable";

/** As many values as the eye compares in one step; the table has all. */
const VALUES_MAX = 6;

type StepsViewProps = ViewProps<FunnelQuestion, FunnelAnswer> & { rows: readonly FunnelRow[] };

/** One bar per step and value, with who went on and who dropped between them; below it every number. */
export function StepsView({ question, answer, rows, tileHeight, asTable, onOpen }: StepsViewProps) {
  const { t } = useTranslation();
  const scheme = useScheme();
  const names = stepNames(t, question, answer);
  const values = useMemo(() => rows.map((row) => row.breakdown_value ?? ""), [rows]);
  const split = question.breakdown !== undefined && rows.some((row) => row.breakdown_value !== undefined);
  const colours = useMemo(() => (split ? coloursOf(values, scheme) : ["var(--tm-accent)"]), [split, values, scheme]);
  const shown = rows.slice(0, VALUES_MAX);
  const tile = tileHeight !== undefined;
  return (
    <>
      {!asTable && (
        <ol className={tile ? `${classes.steps} ${classes.tile}` : classes.steps} aria-label={t("funnel.picture")}>
          {names.map((name, at) => (
            <li key={at} className={classes.step}>
              <span className={classes.name}>
                <span className={classes.mark}>{at + 1}</span>
                <span className={classes.label}>{name}</span>
                {question.steps[at]?.optional && <span className={classes.optional}>{t("funnel.optional")}</span>}
              </span>
              <span className={classes.bars}>
                {shown.map((row, index) => (
                  <StepBar
                    key={row.breakdown_value ?? ""}
                    row={row}
                    at={at}
                    name={name}
                    colour={colours[index] ?? ""}
                    {...(split ? { value: valueName(t, row.breakdown_value ?? "", question.breakdown) } : {})}
                    {...(onOpen ? { onOpen } : {})}
                  />
                ))}
              </span>
              {!split && at > 0 && rows[0] && <Between row={rows[0]} at={at} name={name} {...(onOpen ? { onOpen } : {})} />}
            </li>
          ))}
        </ol>
      )}
      {!asTable && rows.length > shown.length && (
        <p className={classes.fact}>{t("funnel.more", { shown: shown.length, left: rows.length - shown.length })}</p>
      )}
      {(!tile || asTable) && <StepsTable {...{ names, rows, colours, split }} breakdown={question.breakdown} {...(onOpen ? { onOpen } : {})} />}
    </>
  );
}

interface StepPartProps {
  row: FunnelRow;
  at: number;
  name: string;
  onOpen?: (cell: Cell) => void;
}

function StepBar({ row, at, name, colour, value, onOpen }: StepPartProps & { colour: string; value?: string }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const step = row.steps[at];
  if (!step) return null;
  const open = onOpen && step.count > 0 ? () => onOpen(stepCell(row, at + 1)) : undefined;
  return (
    <span className={classes.row}>
      {value !== undefined && <span className={`${classes.value} tm-clip`}>{value}</span>}
      {/* The number beside it does the same for the keyboard. */}
      <span className={classes.track} data-open={open ? true : undefined} onClick={open}>
        <span className={classes.bar} style={{ width: `${step.conversion * 100}%`, background: colour }} />
      </span>
      <span className={classes.numbers}>
        <NumberButton text={numbers.full(step.count)} of={t("funnel.reached", { number: at + 1, name })} onOpen={open}>
          <strong>{numbers.full(step.count)}</strong>
        </NumberButton>
        <span className={classes.share}>{numbers.percent(step.conversion)}</span>
      </span>
    </span>
  );
}

/** Between a step and the one before it: who went on, how fast, and who did not. */
function Between({ row, at, name, onOpen }: StepPartProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const step = row.steps[at];
  if (!step) return null;
  return (
    <span className={classes.between}>
      <span>
        <span className={classes.good}>{numbers.percent(step.conversion_of_previous)}</span> {t("funnel.wentOn")}
      </span>
      {step.dropped > 0 && (
        <span>
          <NumberButton
            text={numbers.full(step.dropped)}
            of={t("funnel.droppedAt", { number: at + 1, name })}
            onOpen={onOpen && (() => onOpen(stepCell(row, -(at + 1))))}
          >
            <span className={classes.bad}>{numbers.full(step.dropped)}</span>
          </NumberButton>{" "}
          {t("funnel.dropped")}
        </span>
      )}
      {step.median_s !== null && step.median_s !== undefined && (
        <span>{t("funnel.times", { median: numbers.duration(step.median_s), average: numbers.duration(step.average_s) })}</span>
      )}
    </span>
  );
}
