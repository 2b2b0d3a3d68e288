import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { WorkflowRow } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { answerText } from "../items/answerText";
import classes from "./Sessions.module.css";

interface WorkflowDetailProps {
  /** Undefined: none is open. */
  workflow: WorkflowRow | undefined;
  timeZone: string;
  onClose: () => void;
}

/** One workflow in full: its pages, areas, answers and events. */
export function WorkflowDetail({ workflow, timeZone, onClose }: WorkflowDetailProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={workflow !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<span className={classes.title}>{workflow ? [workflow.type, workflow.mode].filter(Boolean).join(" · ") : ""}</span>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {workflow && <Detail workflow={workflow} timeZone={timeZone} />}
    </Drawer>
  );
}

function Detail({ workflow, timeZone }: { workflow: WorkflowRow; timeZone: string }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(timeZone);
  const facts: [string, string][] = [
    [t("sessions.start"), dates.instant(workflow.start)],
    [t("sessions.end"), dates.instant(workflow.end)],
    [t("sessions.spent"), numbers.duration(workflow.time_spent_s)],
    [t("people.person"), workflow.person],
    [t("sessions.device"), workflow.device_id],
    [t("sessions.channel"), workflow.channel],
    [t("sessions.producer"), workflow.producer],
    ...(workflow.object ? [[t("sessions.object"), workflow.object] as [string, string]] : []),
  ];
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Part
        title={t("sessions.pages")}
        heads={[t("web.table.pages"), t("sessions.area"), t("sessions.visits"), t("sessions.time")]}
        rows={workflow.pages.map((page) => [page.page, page.env, numbers.full(page.visits), numbers.duration(page.time_spent_s)])}
      />
      <Part
        title={t("sessions.areas")}
        heads={[t("sessions.area"), t("sessions.visits"), t("sessions.time")]}
        rows={workflow.envs.map((env) => [env.env, numbers.full(env.visits), numbers.duration(env.time_spent_s)])}
      />
      <Part
        title={t("sessions.answers")}
        heads={[t("items.item"), t("sessions.answer"), t("sessions.score"), t("sessions.time")]}
        rows={workflow.items.map((item) => [
          item.item,
          item.answer ? answerText(item.answer) : "",
          `${numbers.full(item.score)} / ${numbers.full(item.max_score)}`,
          numbers.duration(item.duration_s),
        ])}
      />
      <Part
        title={t("nav.events")}
        heads={[t("events.event"), t("sessions.count")]}
        rows={Object.entries(workflow.events).map(([name, count]) => [name, numbers.full(count)])}
      />
    </>
  );
}

/** A small table; nothing at all without rows. The first column is text, the last a number. */
function Part({ title, heads, rows }: { title: string; heads: readonly string[]; rows: readonly (readonly ReactNode[])[] }) {
  if (rows.length === 0) return null;
  const side = (at: number) => (at >= heads.length - 1 || (heads.length > 2 && at === heads.length - 2) ? "tm-number" : classes.text);
  return (
    <section aria-label={title}>
      <h3 className={classes.part}>{title}</h3>
      <table className="tm-table" aria-label={title}>
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th key={head} scope="col" className={side(at)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className={side(at)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
