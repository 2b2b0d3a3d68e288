import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import classes from "./Change.module.css";

/** A number and the one of another time. */
export interface Beside {
  now: number;
  before: number;
  /** The change as a share of before; undefined where there was nothing before. */
  change: number | undefined;
}

export const besideOf = (now: number, before: number): Beside => ({
  now,
  before,
  change: before === 0 ? undefined : (now - before) / before,
});

interface ChangeProps {
  beside: Beside;
  /** Whether less is the better. */
  lessIsBetter?: boolean;
}

/** By how much a number has changed; the arrow says it without colour. */
export function Change({ beside, lessIsBetter }: ChangeProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { change, now } = beside;
  if (change === undefined) return <span className={classes.change}>{now > 0 ? t("change.fresh") : ""}</span>;
  const way = change > 0 ? "up" : change < 0 ? "down" : "same";
  const arrow = { up: "↑", down: "↓", same: "=" }[way];
  return (
    <span className={classes.change} {...(way === "same" ? {} : { "data-good": (way === "up") !== (lessIsBetter ?? false) })}>
      <span aria-hidden="true">{arrow} </span>
      <span className="tm-visually-hidden">{t(`change.way.${way}`)} </span>
      {numbers.percent(Math.abs(change))}
    </span>
  );
}
