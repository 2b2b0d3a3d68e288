import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icons";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import classes from "./Outside.module.css";

interface OutsideProps {
  title: string;
  lead?: ReactNode;
  /** Where in a sequence of steps this is. */
  step?: { now: number; of: number };
  wide?: boolean;
  children: ReactNode;
}

/** The frame of the screens before there is a project: set-up and login. */
export function Outside({ title, lead, step, wide, children }: OutsideProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · Telemetry`;
  }, [title]);
  return (
    <div className={classes.outside}>
      <header className={classes.top}>
        <span className={classes.brand}>
          <span className={classes.mark}>
            <Icon name="trends" size={18} />
          </span>
          Telemetry
        </span>
        <LanguageSwitch />
      </header>
      <main className={wide ? `${classes.card} ${classes.wide}` : classes.card}>
        {step && (
          <div
            className={classes.steps}
            role="img"
            aria-label={t("setup.step", { now: step.now, of: step.of })}
          >
            {Array.from({ length: step.of }, (_, index) => (
              <span key={index} data-done={index < step.now || undefined} />
            ))}
          </div>
        )}
        <h1 className={classes.title}>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        {children}
      </main>
    </div>
  );
}
