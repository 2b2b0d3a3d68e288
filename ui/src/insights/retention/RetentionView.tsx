import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RetentionAnswer, RetentionQuestion } from "../../api/words";
import type { ViewProps } from "../frame/kind";
import { RetentionCurve } from "./RetentionCurve";
import { RetentionTable } from "./RetentionTable";
import classes from "./Retention.module.css";

const SHOWN = ["percent", "count"] as const;

/** The curve of who came back, and the triangle with every number of it. */
export function RetentionView(props: ViewProps<RetentionQuestion, RetentionAnswer>) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<(typeof SHOWN)[number]>("percent");
  const { tileHeight, asTable } = props;
  if (tileHeight !== undefined) return asTable ? <RetentionTable {...props} shown="percent" /> : <RetentionCurve {...props} />;
  return (
    <>
      <RetentionCurve {...props} />
      <div className={classes.switch}>
        <SegmentedControl
          size="xs"
          aria-label={t("retention.shown.label")}
          data={SHOWN.map((one) => ({ value: one, label: t(`retention.shown.${one}`) }))}
          value={shown}
          onChange={(next) => setShown(SHOWN.find((one) => one === next) ?? "percent")}
        />
      </div>
      <RetentionTable {...props} shown={shown} />
    </>
  );
}
