import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError, errorDetails, Unreachable } from "../api/errors";
import { CopyButton } from "../parts/Copy";
import { Icon } from "../parts/icons";
import classes from "./Result.module.css";

/** What the engine's refusals have in common with their advice. */
const ADVISED = ["sql_invalid", "sql_refused", "sql_too_slow", "sql_out_of_memory", "sql_busy", "sql_unavailable"] as const;
type Advised = (typeof ADVISED)[number];

const adviceOf = (error: unknown): Advised | "unreachable" | "input" | "server" => {
  if (error instanceof Unreachable) return "unreachable";
  if (!(error instanceof ApiError)) return "server";
  return ADVISED.find((code) => code === error.code) ?? (error.status < 500 ? "input" : "server");
};

interface SqlErrorProps {
  error: unknown;
  onRetry: () => void;
  /** Leads to the place in the query that the error names. */
  onPlace?: (line: number, column: number) => void;
}

/** Why a query has no answer, in the engine's own words, and what to do about it. */
export function SqlError({ error, onRetry, onPlace }: SqlErrorProps) {
  const { t } = useTranslation();
  const kind = adviceOf(error);
  const words = error instanceof ApiError ? error.message : undefined;
  const place = error instanceof ApiError ? error.position : undefined;
  const advice =
    kind === "unreachable"
      ? t("error.unreachableAdvice")
      : kind === "input"
        ? t("error.inputAdvice")
        : kind === "server"
          ? t("error.serverAdvice")
          : t(`sql.error.${kind}.advice`);
  const title =
    kind === "unreachable"
      ? t("error.unreachable")
      : kind === "input" || kind === "server"
        ? t("error.unexpected")
        : t(`sql.error.${kind}.title`);
  return (
    <div className={classes.error} role="alert">
      <h3 className={classes.errorTitle}>
        <Icon name="warning" size={18} /> {title}
      </h3>
      {words && <pre className={classes.words}>{words}</pre>}
      <p className={classes.advice}>{advice}</p>
      <div className={classes.errorActions}>
        {place && onPlace && (
          <Button variant="light" onClick={() => onPlace(place.line, place.column)}>
            {t("sql.goTo", place)}
          </Button>
        )}
        <Button variant={place && onPlace ? "default" : "light"} onClick={onRetry}>
          {t("action.retry")}
        </Button>
        <CopyButton text={() => errorDetails(error)} label={t("error.copyDetails")} variant="default" />
      </div>
    </div>
  );
}
