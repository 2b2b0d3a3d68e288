import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import classes from "./Demo.module.css";

/** How much of the demo is there. While it is not known how much there will be, the bar only moves. */
export function DemoProgress({ sent, total }: { sent: number; total: number }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const known = total > 0;
  const text = known ? t("demo.progress", { sent: numbers.full(sent), total: numbers.full(total) }) : t("demo.starting");
  return (
    <div className={classes.progress}>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={t("demo.coming")}
        aria-valuetext={text}
        {...(known ? { "aria-valuenow": sent, "aria-valuemin": 0, "aria-valuemax": total } : { "data-moving": true })}
      >
        <span style={known ? { width: `${Math.min(100, (sent / total) * 100)}%` } : undefined} />
      </div>
      <span className={classes.count}>{text}</span>
    </div>
  );
}
