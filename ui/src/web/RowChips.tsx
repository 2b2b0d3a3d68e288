import { useTranslation } from "react-i18next";
import { useLocale } from "../format/locale";
import { Icon } from "../parts/icons";
import { toggleRow, type WebLink } from "../url/web";
import { rowName } from "./names";
import classes from "./Web.module.css";

interface RowChipsProps {
  link: WebLink;
  onChange: (link: WebLink) => void;
}

/** What the page is narrowed to; each part goes by a click. */
export function RowChips({ link, onChange }: RowChipsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rows = link.rows ?? [];
  if (rows.length === 0 && !link.infer) return null;
  const { infer: _infer, ...asSent } = link;
  return (
    <ul className={classes.chips} aria-label={t("web.chips")}>
      {rows.map((row) => {
        const table = t(`web.table.${row.table}`);
        const value = rowName(t, locale, row.table, row.value);
        return (
          <li key={`${row.table} ${row.value}`}>
            <Chip said={t("web.dropRow", { table, value })} onDrop={() => onChange(toggleRow(link, row))}>
              <span className={classes.chipTable}>{table}</span> <bdi>{value}</bdi>
            </Chip>
          </li>
        );
      })}
      {link.infer && (
        <li>
          <Chip said={t("web.dropInfer")} onDrop={() => onChange(asSent)}>
            {t("web.inferred")}
          </Chip>
        </li>
      )}
      {rows.length > 1 && (
        <li>
          <button type="button" className={classes.clear} onClick={() => onChange({ ...link, rows: undefined })}>
            {t("action.clearFilters")}
          </button>
        </li>
      )}
    </ul>
  );
}

function Chip({ said, onDrop, children }: { said: string; onDrop: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className={classes.chip} aria-label={said} title={said} onClick={onDrop}>
      <span className={classes.chipText}>{children}</span>
      <Icon name="close" size={13} />
    </button>
  );
}
