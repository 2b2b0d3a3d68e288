import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/States";
import classes from "./Sql.module.css";

/** This server came without its SQL engine: what that is, and how to get it. Everything else works. */
export function Unavailable({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="tm-panel" aria-label={t("sql.unavailable.title")}>
      <Empty
        icon="sql"
        title={t("sql.unavailable.title")}
        actions={
          <Button variant="light" leftSection={<Icon name="refresh" size={16} />} onClick={onRetry}>
            {t("sql.unavailable.again")}
          </Button>
        }
      >
        {t("sql.unavailable.text")}
      </Empty>
      <ol className={classes.steps}>
        <li>{t("sql.unavailable.build")}</li>
        <li>{t("sql.unavailable.place")}</li>
        <li>{t("sql.unavailable.look")}</li>
      </ol>
    </section>
  );
}
