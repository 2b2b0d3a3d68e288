import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Breakdown, Filter } from "../../api/words";
import { Filters } from "../../parts/filters/Filters";
import { PropertyPicker } from "../../parts/PropertyPicker";
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

interface BreakdownPartProps<Split extends Breakdown> extends Pick<Choices, "properties"> {
  breakdown: Split | undefined;
  onChange: (breakdown: Split | undefined) => void;
  children?: ReactNode;
}

/** One property whose values split the numbers. */
export function BreakdownPart<Split extends Breakdown>(props: BreakdownPartProps<Split>) {
  const { t } = useTranslation();
  return (
    <EditorPart title={t("insight.breakdown")}>
      <PropertyPicker
        label={t("insight.breakdown")}
        value={props.breakdown?.property}
        properties={props.properties}
        clearable
        placeholder={t("insight.noBreakdown")}
        onChange={(property) => {
          // Whose property it was, and its bins, say nothing of another.
          const { type: _type, bins: _bins, ...rest } = props.breakdown ?? {};
          props.onChange(property ? ({ ...rest, property } as Split) : undefined);
        }}
      />
      {props.children}
    </EditorPart>
  );
}
