import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DemoFill } from "../api/words";
import classes from "./Demo.module.css";
import { DemoProgress } from "./DemoProgress";

interface DemoBannerViewProps {
  fill: DemoFill;
  busy: boolean;
  /** Absent for members who may not. */
  onGoOn?: () => void;
}

export function DemoBannerView({ fill, busy, onGoOn }: DemoBannerViewProps) {
  const { t } = useTranslation();
  if (fill.state === "running") {
    return (
      <section className={classes.banner} aria-label={t("demo.coming")}>
        <strong>{t("demo.coming")}</strong>
        <DemoProgress sent={fill.sent} total={fill.total} />
        <span className={classes.hint}>{t("demo.grows")}</span>
      </section>
    );
  }
  if (fill.state === "failed") {
    return (
      <section className={classes.banner} data-bad role="alert">
        <span className={classes.why}>
          <strong>{t("demo.failed")}</strong>
          {fill.error && <span>{fill.error}</span>}
          {!onGoOn && <span>{t("demo.needsAdmin")}</span>}
        </span>
        {onGoOn && (
          <Button size="compact-sm" variant="default" loading={busy} onClick={onGoOn}>
            {t("demo.goOn")}
          </Button>
        )}
      </section>
    );
  }
  return null;
}
