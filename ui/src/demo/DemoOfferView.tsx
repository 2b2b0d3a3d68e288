import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FormError } from "../parts/FormError";
import { Icon } from "../parts/icons";
import classes from "./Demo.module.css";
import { DemoProgress } from "./DemoProgress";
import type { DemoStart } from "./useDemo";

export function DemoOfferView({ demo }: { demo: DemoStart }) {
  const { t } = useTranslation();
  const { fill } = demo;
  const failed = fill?.state === "failed";
  return (
    <section className={`tm-panel ${classes.offer}`} aria-label={t("demo.offer")}>
      <div className={classes.words}>
        <h2 className={classes.title}>{t("demo.offer")}</h2>
        <p className={classes.note}>{t("demo.note")}</p>
      </div>
      {demo.waiting ? (
        <div className={classes.wait}>
          <DemoProgress sent={fill?.sent ?? 0} total={fill?.total ?? 0} />
        </div>
      ) : (
        <Button variant="light" leftSection={<Icon name="play" size={15} />} onClick={demo.start}>
          {failed ? t("demo.goOn") : t("demo.open")}
        </Button>
      )}
      {(failed || Boolean(demo.error)) && (
        <div className={classes.trouble} role="alert">
          {failed && (
            <p>
              {t("demo.failed")}
              {fill.error ? `: ${fill.error}` : ""}
            </p>
          )}
          <FormError error={demo.error} />
        </div>
      )}
    </section>
  );
}
