/** Loading, empty, error and "still working": the states that every screen has beside its content. */
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, errorDetails, Unreachable } from "../api/errors";
import { CopyButton } from "./Copy";
import { Icon, type IconName } from "./icons";
import classes from "./States.module.css";

export function LoadingRows({ rows = 6, height = 18 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes.rows} role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} width={`${96 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon?: IconName;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  actions?: ReactNode;
}

export function Empty({ icon = "inbox", title, children, actions }: EmptyProps) {
  return (
    <div className={classes.state}>
      <span className={classes.badge}>
        <Icon name={icon} size={22} />
      </span>
      <h2 className={classes.title}>{title}</h2>
      {children && <p className={classes.text}>{children}</p>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** Says what happened and what to try; the details can be copied for whoever is asked for help. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const advice =
    error instanceof Unreachable
      ? t("error.unreachableAdvice")
      : error instanceof ApiError && error.status < 500
        ? t("error.inputAdvice")
        : t("error.serverAdvice");
  const title =
    error instanceof Unreachable
      ? t("error.unreachable")
      : error instanceof ApiError
        ? error.message
        : t("error.unexpected");
  return (
    <div className={classes.state} role="alert">
      <span className={`${classes.badge} ${classes.bad}`}>
        <Icon name="warning" size={22} />
      </span>
      <h2 className={classes.title}>{title}</h2>
      {error instanceof ApiError && error.path && <p className={`${classes.text} tm-mono`}>{error.path}</p>}
      {error instanceof ApiError && error.allowed && (
        <p className={classes.text}>{t("error.allowed", { list: error.allowed.join(", ") })}</p>
      )}
      <p className={classes.text}>{advice}</p>
      <div className={classes.actions}>
        {onRetry && (
          <Button variant="light" onClick={onRetry}>
            {t("action.retry")}
          </Button>
        )}
        <CopyButton text={() => errorDetails(error)} label={t("error.copyDetails")} variant="default" />
      </div>
    </div>
  );
}

interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** Shows a query: a skeleton, the error, or the content. Old content stays on screen while new content loads. */
export function Loaded<T>({
  query,
  loading,
  children,
}: {
  query: Loadable<T>;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <>{loading ?? <LoadingRows />}</>;
}

/** A thin line that moves while an answer is on its way; keeps its place when it does not. */
export function ProgressLine({ on }: { on: boolean }) {
  const { t } = useTranslation();
  return (
    <div
      className={classes.progress}
      data-on={on || undefined}
      role="progressbar"
      aria-label={t("state.working")}
      aria-hidden={!on}
    />
  );
}

/** The old picture, dimmed while a new one is on its way. */
export function Dimmed({ on, children }: { on: boolean; children: ReactNode }) {
  return (
    <div className={classes.dim} data-on={on || undefined} aria-busy={on}>
      {children}
    </div>
  );
}
