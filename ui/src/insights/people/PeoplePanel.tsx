import { Drawer } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { skipToken } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type OpenedNumber, peopleQuery } from "../../api/queries";
import type { Cell, InsightAnswers, InsightKind, InsightQuestion, InsightQuestions, Project } from "../../api/words";
import { useDates } from "../../format/dates";
import { useNumbers } from "../../format/numbers";
import type { Kind } from "../frame/kind";
import classes from "./People.module.css";
import { PeopleView } from "./PeopleView";
import { useCsv } from "./useCsv";

interface PeoplePanelProps<Name extends InsightKind> {
  kind: Kind<Name>;
  project: Pick<Project, "id" | "time_zone">;
  question: InsightQuestions[Name] | undefined;
  /** Which number is open; undefined: none. */
  cell: Cell | undefined;
  /** The answer on the screen; undefined while it is on its way. */
  answer: InsightAnswers[Name] | undefined;
  onClose: () => void;
}

/** The people behind one number, at the side. */
export function PeoplePanel<Name extends InsightKind>(props: PeoplePanelProps<Name>) {
  const { kind, project, question, cell, answer, onClose } = props;
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  const opened: OpenedNumber | undefined =
    cell && question && answer
      ? // A kind and its question belong together, which a type parameter cannot say.
        { question: { kind: kind.name, ...question } as unknown as InsightQuestion, cell, askedAt: answer.explain.asked_at ?? "" }
      : undefined;
  const title = (cell && question && answer && kind.nameCell({ t, numbers, dates }, question, answer, cell)) ?? t("people.title");
  const options = peopleQuery(project.id, opened ?? { question: { kind: "paths", kinds: [] }, cell: {}, askedAt: "" });
  const pages = useInfiniteQuery({ ...options, queryFn: opened ? (options.queryFn ?? skipToken) : skipToken });
  const csv = useCsv(project.id, opened);
  return (
    <Drawer
      opened={cell !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title={<span className={classes.title}>{title}</span>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <PeopleView
        project={project}
        pages={pages.data?.pages}
        error={pages.error}
        busy={pages.isFetching}
        onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        onRetry={() => void pages.refetch()}
        csvBusy={csv.busy}
        onCsv={() => void csv.start(`people-${kind.name}.csv`)}
      />
    </Drawer>
  );
}
