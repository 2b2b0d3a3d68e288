import { useTranslation } from "react-i18next";
import { type CohortRule, type EventMatch, WINDOW_UNITS } from "../api/words";
import { CountInput } from "../insights/frame/CountInput";
import classes from "../insights/frame/Frame.module.css";
import type { Choices } from "../insights/frame/kind";
import { MatchRow } from "../insights/frame/MatchRow";
import own from "./Cohorts.module.css";
import { LengthField, TimesField, WhenField } from "./TimeFields";

export type Behaviour = Extract<
  CohortRule,
  { performed: unknown } | { first_time: unknown } | { sequence: unknown } | { regularly: unknown } | { stopped: unknown } | { restarted: unknown }
>;

interface BehaviourFieldsProps extends Choices {
  rule: Behaviour;
  scope: string;
  onChange: (rule: CohortRule) => void;
}

/** Periods of a regular rule, as the server takes them. */
const PERIODS_MAX = 100;

/** What was done, how often, within which time. */
export function BehaviourFields({ rule, scope, onChange, ...choices }: BehaviourFieldsProps) {
  const { t } = useTranslation();
  const event = (match: EventMatch, put: (next: EventMatch) => void, label = t("cohorts.eventOf", { scope })) => (
    <MatchRow scope={label} eventLabel={label} match={match} {...choices} onChange={put} />
  );
  const word = (text: string) => <span className={classes.word}>{text}</span>;
  if ("performed" in rule) {
    const { performed } = rule;
    const put = (part: Partial<typeof performed>) => onChange({ performed: { ...performed, ...part } });
    return (
      <>
        {event(performed.event, (next) => put({ event: next }))}
        <div className={own.line}>
          <TimesField
            scope={scope}
            times={performed.times}
            onChange={(times) => {
              const { times: _old, ...rest } = performed;
              onChange({ performed: times ? { ...rest, times } : rest });
            }}
          />
          <WhenField scope={scope} when={performed.when} onChange={(when) => put({ when })} />
        </div>
      </>
    );
  }
  if ("first_time" in rule) {
    const { first_time } = rule;
    return (
      <>
        {event(first_time.event, (next) => onChange({ first_time: { ...first_time, event: next } }))}
        <div className={own.line}>
          <WhenField scope={scope} when={first_time.when} onChange={(when) => onChange({ first_time: { ...first_time, when } })} />
        </div>
      </>
    );
  }
  if ("sequence" in rule) {
    const { sequence } = rule;
    const put = (part: Partial<typeof sequence>) => onChange({ sequence: { ...sequence, ...part } });
    return (
      <>
        {event(sequence.event, (next) => put({ event: next }))}
        {/* oxlint-disable-next-line unicorn/no-thenable -- the word of the API; nobody awaits a rule */}
        {event(sequence.then, (next) => put({ then: next }), t("cohorts.thenOf", { scope }))}
        <div className={own.line}>
          {word(t("cohorts.within"))}
          <LengthField
            label={t("cohorts.withinOf", { scope })}
            length={{ count: sequence.within.count, unit: sequence.within.unit ?? "day" }}
            units={WINDOW_UNITS}
            onChange={(within) => put({ within })}
          />
          <WhenField scope={scope} when={sequence.when} onChange={(when) => put({ when })} />
        </div>
      </>
    );
  }
  if ("regularly" in rule) {
    const { regularly } = rule;
    const put = (part: Partial<typeof regularly>) => onChange({ regularly: { ...regularly, ...part } });
    return (
      <>
        {event(regularly.event, (next) => put({ event: next }))}
        <div className={own.line}>
          {word(t("cohorts.inAtLeast"))}
          <CountInput
            label={t("cohorts.atLeastOf", { scope })}
            value={regularly.at_least}
            least={1}
            most={regularly.periods}
            onChange={(at_least) => put({ at_least })}
          />
          {word(t("cohorts.ofTheLast"))}
          <CountInput
            label={t("cohorts.periodsOf", { scope })}
            value={regularly.periods}
            least={1}
            most={PERIODS_MAX}
            onChange={(periods) => put({ periods, at_least: Math.min(regularly.at_least, periods) })}
          />
          {word(t("cohorts.periodsEach"))}
          <LengthField
            label={t("cohorts.periodOf", { scope })}
            length={{ count: regularly.period.count, unit: regularly.period.unit ?? "day" }}
            units={["day", "week", "month"]}
            onChange={(period) => put({ period })}
          />
        </div>
      </>
    );
  }
  const kind = "stopped" in rule ? "stopped" : "restarted";
  const lapse = "stopped" in rule ? rule.stopped : rule.restarted;
  const put = (part: Partial<typeof lapse>) => {
    const next = { ...lapse, ...part };
    onChange(kind === "stopped" ? { stopped: next } : { restarted: next });
  };
  return (
    <>
      {event(lapse.event, (next) => put({ event: next }))}
      <div className={own.line}>
        {(["recent", "longer"] as const).map((part) => (
          <span key={part} className={own.line}>
            {word(t(`cohorts.${kind}.${part}`))}
            <LengthField
              label={t(`cohorts.${part}Of`, { scope })}
              length={{ count: lapse[part].count, unit: lapse[part].unit ?? "day" }}
              units={["hour", "day", "week", "month"]}
              onChange={(length) => put({ [part]: length })}
            />
          </span>
        ))}
      </div>
    </>
  );
}
