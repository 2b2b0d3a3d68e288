import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type CatalogueEvent, type InsightKind, type InsightQuestions, KINDS, type TrendsQuestion } from "../../api/words";
import { Icon } from "../../parts/icons";
import type { InsightUrl } from "../../url/insight";
import { linkOf } from "../../url/insight";
import { URLS } from "../../url/kinds";
import classes from "./Frame.module.css";

interface KindSwitchProps<Name extends InsightKind> {
  projectId: number;
  kind: Name;
  question: InsightQuestions[Name];
  events: readonly CatalogueEvent[];
}

/** The same events, range and filters as a question of another kind. */
export function asKind<From extends InsightKind, To extends InsightKind>(
  from: From,
  question: InsightQuestions[From],
  to: To,
  events: readonly CatalogueEvent[],
): InsightQuestions[To] {
  const { date_from, date_to, filters }: Pick<TrendsQuestion, "date_from" | "date_to" | "filters"> = question;
  return URLS[to].begin({
    subjects: URLS[from].subjects(question),
    ...(date_from ? { range: { from: date_from, ...(date_to ? { to: date_to } : {}) } } : {}),
    ...(filters ? { filters } : {}),
    events,
  });
}

/** Which kind of insight this is; the others take over what they can. */
export function KindSwitch<Name extends InsightKind>({ projectId, kind, question, events }: KindSwitchProps<Name>) {
  const { t } = useTranslation();
  return (
    <nav className={classes.kinds} aria-label={t("kind.label")}>
      {KINDS.map((one) => (
        <Link
          key={one}
          to={`/p/$projectId/${one}`}
          params={{ projectId }}
          // Each kind's screen reads its own questions; the union of all cannot say which.
          search={linkOf(URLS[one] as InsightUrl<object>, one === kind ? question : asKind(kind, question, one, events)) as never}
          className={classes.kind}
          {...(one === kind ? { "aria-current": "page" as const } : {})}
          activeProps={{}}
          title={t(`kind.note.${one}`)}
        >
          <Icon name={one} size={16} />
          {t(`kind.${one}`)}
        </Link>
      ))}
    </nav>
  );
}
