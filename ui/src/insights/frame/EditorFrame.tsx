import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Filter } from "../../api/words";
import { Filters } from "../../parts/filters/Filters";
import classes from "./Frame.module.css";
import type { Choices } from "./kind";

/** What is asked about on the one side, what narrows and splits it on the other. */
export function EditorFrame({ title, children, side }: { title: string; children: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.editor}>
      <section className={classes.column} aria-label={title}>
        <h2 className={classes.heading}>{title}</h2>
        {children}
      </section>
      <div className={classes.column}>{side}</div>
    </div>
  );
}

export function EditorPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <div className={classes.part}>{children}</div>
    </section>
  );
}

interface FiltersPartProps extends Choices {
  filters: readonly Filter[] | undefined;
  onChange: (filters: Filter[]) => void;
}

/** Conditions on every event of the question. */
export function FiltersPart({ filters, properties, useValues, onChange }: FiltersPartProps) {
  const { t } = useTranslation();
  return (
    <EditorPart title={t("insight.filters")}>
      <Filters filters={filters ?? []} {...{ properties, useValues, onChange }} />
    </EditorPart>
  );
}
