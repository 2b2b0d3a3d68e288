import { useTranslation } from "react-i18next";
import type { Example } from "./examples";
import classes from "./Sql.module.css";

/** How to begin: queries that work on this project's own events; a click writes and runs one. */
export function Examples({ examples, onOpen }: { examples: readonly Example[]; onOpen: (sql: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.examples}>
      <h3 className={classes.examplesTitle}>{t("sql.begin")}</h3>
      <p className={classes.examplesText}>{t("sql.beginText")}</p>
      <div className={classes.cards}>
        {examples.map((example) => (
          <button key={example.name} type="button" className={classes.card} onClick={() => onOpen(example.sql)}>
            <span className={classes.cardTitle}>{t(`sql.example.${example.name}`, { property: example.about })}</span>
            <code className={classes.cardCode}>{example.sql}</code>
          </button>
        ))}
      </div>
    </div>
  );
}
