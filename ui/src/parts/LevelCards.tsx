import { useId } from "react";
import { useTranslation } from "react-i18next";
import { type Level, LEVELS } from "../api/words";
import { Icon } from "./icons";
import classes from "./LevelCards.module.css";

interface LevelCardsProps {
  /** Null: nothing is chosen yet. */
  value: Level | null;
  onChange: (level: Level) => void;
  disabled?: boolean;
}

/** The four collection levels as cards that say what each keeps and what not. One group of radio buttons to a keyboard. */
export function LevelCards({ value, onChange, disabled }: LevelCardsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <fieldset className={classes.group} disabled={disabled}>
      <legend className="tm-visually-hidden">{t("level.legend")}</legend>
      <div className={classes.cards}>
        {LEVELS.map((level, rank) => (
          <label key={level} className={classes.card} data-checked={value === level || undefined}>
            <span className={classes.head}>
              <input
                type="radio"
                name={id}
                value={level}
                checked={value === level}
                onChange={() => onChange(level)}
                aria-labelledby={`${id}-${level}`}
                aria-describedby={`${id}-${level}-text`}
              />
              <span id={`${id}-${level}`} className={classes.name}>
                {t(`level.${level}.name`)}
              </span>
              <span className={classes.meter} aria-hidden="true">
                {LEVELS.map((_, step) => (
                  <span key={step} data-on={step <= rank || undefined} />
                ))}
              </span>
            </span>
            <span id={`${id}-${level}-text`} className={classes.text}>
              <span className={classes.purpose}>{t(`level.${level}.purpose`)}</span>
              <LevelList title={t("level.keeps")} text={t(`level.${level}.keeps`)} kept />
              <LevelList title={t("level.keepsNot")} text={t(`level.${level}.keepsNot`)} />
            </span>
          </label>
        ))}
      </div>
      <p className={classes.never}>{t("level.never")}</p>
    </fieldset>
  );
}

/** One point per line of the text. */
function LevelList({ title, text, kept }: { title: string; text: string; kept?: boolean }) {
  return (
    <span className={classes.list} data-kept={kept || undefined}>
      <span className={classes.listTitle}>{title}</span>
      {text.split("\n").map((point) => (
        <span key={point} className={classes.point}>
          <Icon name={kept ? "check" : "close"} size={14} />
          <span>{point}</span>
        </span>
      ))}
    </span>
  );
}
