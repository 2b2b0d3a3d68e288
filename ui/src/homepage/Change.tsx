import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import classes from "./Home.module.css";
import type { Beside } from "./pulse";

/** By how much a number has changed; the arrow says it without colour. */
export function Change({ beside }: { beside: Beside }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { change, now } = beside;
  if (change === undefined) return <span className={classes.change}>{now > 0 ? t("home.fresh") : ""}</span>;
  const way = change > 0 ? "up" : change < 0 ? "down" : "same";
  const arrow = { up: "↑", down: "↓", same: "=" }[way];
  return (
    <span className={classes.change} data-way={way}>
      <span aria-hidden="true">{arrow} </span>
      <span className="tm-visually-hidden">{t(`home.way.${way}`)} </span>
      {numbers.percent(Math.abs(change))}
    </span>
  );
}
