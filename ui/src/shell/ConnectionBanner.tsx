import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ping, reachable } from "../api/client";
import { useSignal } from "../api/signal";
import { Icon } from "../parts/icons";
import classes from "./ConnectionBanner.module.css";

/** How often a server that is gone is asked whether it is back. */
const AGAIN_MS = 3_000;

/** Says that the server is gone, looks for it again, and goes away by itself. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const up = useSignal(reachable);
  useEffect(() => {
    if (up) return;
    const timer = setInterval(() => void ping(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [up]);
  if (up) return null;
  return (
    <div className={classes.banner} role="alert">
      <Icon name="warning" size={16} />
      <span>{t("connection.gone")}</span>
      <Button size="compact-sm" variant="default" onClick={() => void ping()}>
        {t("action.retry")}
      </Button>
    </div>
  );
}
