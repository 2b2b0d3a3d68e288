import { Button, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import { Icon } from "../parts/icons";
import classes from "./Cohorts.module.css";
import { idsOf } from "./draft";

/** What the server takes at most, with room for the JSON around the ids. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;

interface ListFieldProps {
  /** Undefined: the list stays as it is. */
  list: string | undefined;
  /** How many ids are listed already; undefined for a new cohort. */
  listed: number | undefined;
  onChange: (list: string) => void;
}

/** The ids of a listed cohort, typed, pasted or out of a file. */
export function ListField({ list, listed, onChange }: ListFieldProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const file = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const count = list === undefined ? undefined : idsOf(list).length;
  const read = async (chosen: File | undefined) => {
    setTooLarge(chosen !== undefined && chosen.size > FILE_BYTES_MAX);
    if (chosen && chosen.size <= FILE_BYTES_MAX) onChange(await chosen.text());
  };
  return (
    <div className={classes.list}>
      <Textarea
        label={listed === undefined ? t("cohorts.ids") : t("cohorts.newIds")}
        description={t("cohorts.idsNote")}
        classNames={{ input: "tm-mono" }}
        autosize
        minRows={5}
        maxRows={14}
        value={list ?? ""}
        error={tooLarge ? t("cohorts.fileTooLarge") : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={classes.line}>
        <Button variant="default" size="compact-sm" leftSection={<Icon name="inbox" size={14} />} onClick={() => file.current?.click()}>
          {t("cohorts.file")}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          hidden
          aria-label={t("cohorts.file")}
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <span className="tm-quiet" aria-live="polite">
          {t("cohorts.listed", { count: count ?? listed ?? 0, number: numbers.full(count ?? listed ?? 0) })}
        </span>
      </div>
    </div>
  );
}
