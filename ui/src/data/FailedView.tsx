import { Button, Select } from "@mantine/core";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailedEvent } from "../api/words";
import { useDates } from "../format/dates";
import { reasonText } from "../i18n/reasons";
import { CopyButton } from "../parts/Copy";
import { Icon } from "../parts/icons";
import { Panel } from "../parts/Page";
import { Empty } from "../parts/States";
import classes from "./Data.module.css";
import { prettyJson } from "./prettyJson";

export type RetryWhich = { ids: string[] } | { reason: string } | { all: true };

interface FailedViewProps {
  rows: readonly FailedEvent[];
  timeZone: string;
  /** The reasons that occur. */
  reasons: readonly string[];
  reason: string | null;
  onReason: (reason: string | null) => void;
  retrying: boolean;
  onRetry: (which: RetryWhich) => void;
  onMore?: () => void;
}

/** Events that were wrong: why, where exactly, what was sent; and another try. */
export function FailedView(props: FailedViewProps) {
  const { rows, timeZone, reasons, reason, onReason, retrying, onRetry, onMore } = props;
  const { t } = useTranslation();
  const dates = useDates(timeZone);
  const [open, setOpen] = useState<string | null>(null);
  const choices = reason && !reasons.includes(reason) ? [reason, ...reasons] : reasons;
  return (
    <Panel
      flush
      title={t("data.tab.failed")}
      actions={
        <>
          <Select
            aria-label={t("data.filterReason")}
            placeholder={t("data.allReasons")}
            data={choices.map((one) => ({ value: one, label: reasonText(t, one) }))}
            value={reason}
            onChange={onReason}
            clearable
            w={280}
          />
          {rows.length > 0 && (
            <Button
              variant="default"
              leftSection={<Icon name="refresh" size={16} />}
              loading={retrying}
              onClick={() => onRetry(reason ? { reason } : { all: true })}
            >
              {reason ? t("data.retryReason") : t("data.retryAll")}
            </Button>
          )}
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty icon="check" title={t("data.noFailed")}>
          {t("data.noFailedText")}
        </Empty>
      ) : (
        <div className="tm-scroll">
          <table className="tm-table" aria-label={t("data.tab.failed")}>
            <thead>
              <tr>
                <th scope="col">{t("events.received")}</th>
                <th scope="col">{t("events.event")}</th>
                <th scope="col">{t("data.reason")}</th>
                <th scope="col">{t("data.detail")}</th>
                <th scope="col">
                  <span className="tm-visually-hidden">{t("action.more")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Fragment key={row.id}>
                  <tr data-open-able>
                    <td className="tm-quiet">{dates.instant(row.received_at)}</td>
                    <td>
                      <button
                        type="button"
                        className={classes.open}
                        aria-expanded={open === row.id}
                        onClick={() => setOpen(open === row.id ? null : row.id)}
                      >
                        {row.event || t("data.noName")}
                      </button>
                    </td>
                    <td>{reasonText(t, row.reason)}</td>
                    <td className="tm-mono">{row.detail}</td>
                    <td className="tm-number">
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        disabled={retrying}
                        onClick={() => onRetry({ ids: [row.id] })}
                      >
                        {t("data.retry")}
                      </Button>
                    </td>
                  </tr>
                  {open === row.id && (
                    <tr className={classes.opened}>
                      <td colSpan={5}>
                        <Payload row={row} retriedAt={row.retried_at ? dates.instant(row.retried_at) : null} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {onMore && (
        <div className={classes.foot}>
          <Button variant="default" onClick={onMore}>
            {t("events.more")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Payload({ row, retriedAt }: { row: FailedEvent; retriedAt: string | null }) {
  const { t } = useTranslation();
  const text = row.payload ? prettyJson(row.payload) : null;
  return (
    <>
      <span className="tm-quiet">
        {t(`dialect.${row.dialect}`)}
        {retriedAt && ` · ${t("data.retriedAt", { at: retriedAt })}`}
      </span>
      {text === null ? (
        <p>{t("data.noPayload")}</p>
      ) : (
        <>
          <pre className={classes.payload} tabIndex={0} aria-label={t("data.payload")}>
            {text}
          </pre>
          <CopyButton text={text} label={t("action.copy")} variant="subtle" />
        </>
      )}
    </>
  );
}
