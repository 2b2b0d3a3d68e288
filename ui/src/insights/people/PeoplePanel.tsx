import { useTranslation } from "react-i18next";
import type { OpenedNumber } from "../../api/queries";
import type { AnyQuestion, Cell, InsightAnswers, InsightKind, InsightQuestions, Project } from "../../api/words";
import { useDates } from "../../format/dates";
import { useNumbers } from "../../format/numbers";
import type { Kind } from "../frame/kind";
import { PeopleDrawer } from "./PeopleDrawer";

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

/** The people behind a number of an insight. */
export function PeoplePanel<Name extends InsightKind>(props: PeoplePanelProps<Name>) {
  const { kind, project, question, cell, answer, onClose } = props;
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  const opened: OpenedNumber | undefined =
    cell && question && answer
      ? // A kind and its question belong together, which a type parameter cannot say.
        { question: { kind: kind.name, ...question } as unknown as AnyQuestion, cell, askedAt: answer.explain.asked_at ?? "" }
      : undefined;
  const title = (cell && question && answer && kind.nameCell({ t, numbers, dates }, question, answer, cell)) ?? t("people.title");
  return <PeopleDrawer shown={cell !== undefined} {...{ project, opened, title, onClose }} />;
}
