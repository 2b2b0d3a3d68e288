import { ActionIcon } from "@mantine/core";
import type { ReactNode } from "react";
import type { EventMatch } from "../../api/words";
import { EventPicker } from "../../parts/EventPicker";
import { Filters } from "../../parts/filters/Filters";
import { Icon } from "../../parts/icons";
import classes from "./Frame.module.css";
import type { Choices } from "./kind";

interface MatchRowProps<Match extends Pick<EventMatch, "event" | "action" | "filters" | "label">> extends Choices {
  /** A letter or number before the event. */
  mark?: ReactNode;
  /** What this is, for screen readers: "Series A". */
  scope: string;
  /** The name of the event picker. */
  eventLabel: string;
  match: Match;
  onChange: (match: Match) => void;
  /** Beside the event: how it is counted, where it stands. */
  children?: ReactNode;
  /** Absent for what cannot go. */
  onRemove?: () => void;
  removeLabel?: string;
}

/** An event with its conditions: a series of a trend, a step of a funnel, the start of a retention. */
export function MatchRow<Match extends Pick<EventMatch, "event" | "action" | "filters" | "label">>(props: MatchRowProps<Match>) {
  const { mark, scope, match, events, actions, properties, useValues, onChange, onRemove } = props;
  return (
    <div className={classes.match} role="group" aria-label={scope}>
      <div className={classes.matchHead}>
        {mark !== undefined && (
          <span className={classes.mark} aria-hidden="true">
            {mark}
          </span>
        )}
        <EventPicker
          label={props.eventLabel}
          value={match.event ?? null}
          events={events}
          actions={actions}
          action={match.action}
          onChange={(event) => {
            const { label: _old, action: _action, ...rest } = match;
            onChange({ ...rest, event } as Match);
          }}
          onAction={({ id, name }) => {
            // Its name of now is what it is called in this question.
            const { event: _event, ...rest } = match;
            onChange({ ...rest, action: id, label: name } as Match);
          }}
        />
        {props.children}
        {onRemove && (
          <ActionIcon aria-label={props.removeLabel} onClick={onRemove}>
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </div>
      <Filters
        scope={scope}
        filters={match.filters ?? []}
        {...{ properties, useValues }}
        onChange={(filters) => onChange({ ...match, filters })}
      />
    </div>
  );
}
