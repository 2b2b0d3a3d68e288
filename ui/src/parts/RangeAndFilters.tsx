import type { ReactNode } from "react";
import type { Filter } from "../api/words";
import { Filters } from "./filters/Filters";
import type { ValuesHook } from "./filters/FilterValue";
import { Panel } from "./Page";
import classes from "./RangeAndFilters.module.css";
import type { Properties } from "./properties";
import { RangePicker } from "./RangePicker";

interface Ranged {
  date_from?: string;
  date_to?: string;
  filters?: Filter[];
}

interface RangeAndFiltersProps<Link extends Ranged> {
  link: Link;
  /** The range when the link has none. */
  usual: string;
  properties: Properties;
  useValues: ValuesHook;
  onChange: (link: Link) => void;
  /** Beside the range. */
  children?: ReactNode;
}

/** Over which time, on what conditions: what stands above every list. */
export function RangeAndFilters<Link extends Ranged>(props: RangeAndFiltersProps<Link>) {
  const { link, usual, properties, useValues, onChange, children } = props;
  const { date_to: _to, ...endless } = link;
  return (
    <Panel>
      <div className={classes.bar}>
        {children}
        <RangePicker
          range={{ from: link.date_from ?? usual, ...(link.date_to ? { to: link.date_to } : {}) }}
          onChange={({ from, to }) => onChange({ ...endless, date_from: from, ...(to ? { date_to: to } : {}) } as Link)}
        />
      </div>
      <Filters filters={link.filters ?? []} {...{ properties, useValues }} onChange={(filters) => onChange({ ...link, filters })} />
    </Panel>
  );
}
