import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Key } from "../api/words";
import { useDates } from "../format/dates";
import { CopyIcon } from "../parts/Copy";

interface KeysTableProps {
  keys: readonly Key[];
  timeZone: string;
  onRevoke: (key: Key) => void;
}

export function KeysTable({ keys, timeZone, onRevoke }: KeysTableProps) {
  const { t } = useTranslation();
  const dates = useDates(timeZone);
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("keys.title")}>
        <thead>
          <tr>
            <th scope="col">{t("keys.name")}</th>
            <th scope="col">{t("keys.kind")}</th>
            <th scope="col">{t("keys.key")}</th>
            <th scope="col">{t("keys.lastUsed")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.more")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} style={key.revoked_at ? { opacity: 0.55 } : undefined}>
              <td>{key.name}</td>
              <td>{t(`keys.kinds.${key.kind}`)}</td>
              <td>
                <span style={{ display: "flex", alignItems: "center", gap: 4 }}>
                  <code className="tm-mono">{key.key ?? `${key.prefix}…`}</code>
                  {key.key && <CopyIcon text={key.key} label={t("keys.copy")} />}
                </span>
              </td>
              <td className="tm-quiet">{key.last_used_at ? dates.instant(key.last_used_at) : t("keys.never")}</td>
              <td className="tm-number">
                {key.revoked_at ? (
                  t("keys.revoked")
                ) : (
                  <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRevoke(key)}>
                    {t("keys.revoke")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
