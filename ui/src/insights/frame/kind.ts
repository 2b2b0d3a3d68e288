/** What the frame around all insights must know of each kind. */
import type { TFunction } from "i18next";
import type { ComponentType } from "react";
import type {
  Breakdown,
  CatalogueEvent,
  Cell,
  EventMatch,
  Explain,
  Filter,
  InsightAnswers,
  InsightKind,
  InsightQuestions,
} from "../../api/words";
import type { DateFormat } from "../../format/dates";
import type { NumberFormat } from "../../format/numbers";
import type { ValuesHook } from "../../parts/filters/FilterValue";
import { cohortsOf, isComplete, isOfCohort, operatorOf } from "../../parts/filters/operators";
import type { ActionName } from "../../parts/EventPicker";
import type { Properties } from "../../parts/properties";
import type { Range } from "../../url/range";

/** What can be picked from in an editor. */
export interface Choices {
  events: readonly CatalogueEvent[];
  /** Sets of events that can stand in place of one. */
  actions: readonly ActionName[];
  properties: Properties;
  useValues: ValuesHook;
}

export interface ControlsProps<Question> {
  question: Question;
  onChange: (question: Question) => void;
}

export type EditorProps<Question> = ControlsProps<Question> & Choices;

export interface ViewProps<Question, Answer> {
  question: Question;
  answer: Answer;
  /** The project's, in which buckets are named. */
  timeZone: string;
  /** In a tile: the picture fills it and the table is left out. */
  tileHeight?: number;
  /** In a tile: only the numbers. */
  asTable?: boolean;
  /** Opens the people behind a number. Absent where numbers are only looked at. */
  onOpen?: (cell: Cell) => void;
  /** Asks on from what is seen. */
  onChange?: (question: Question) => void;
}

/** How words are made on the screen. */
export interface Words {
  t: TFunction;
  numbers: NumberFormat;
  dates: DateFormat;
}

export interface Kind<Name extends InsightKind> {
  name: Name;
  /** What can be asked already: parts that are still being filled in are left out. Undefined when nothing is left. */
  askable: (question: InsightQuestions[Name]) => InsightQuestions[Name] | undefined;
  /** Whether an answer has nothing to show. */
  nothing: (answer: InsightAnswers[Name]) => boolean;
  /** The question over another range, as the dashboard asks it. */
  over: (question: InsightQuestions[Name], range: Range) => InsightQuestions[Name];
  /** What a number of the answer is called; undefined when the answer has no such number. */
  nameCell: (
    words: Words,
    question: InsightQuestions[Name],
    answer: InsightAnswers[Name],
    cell: Cell,
  ) => string | undefined;
  Editor: ComponentType<EditorProps<InsightQuestions[Name]>>;
  /** What stands above the picture: range, interval, display. */
  Controls: ComponentType<ControlsProps<InsightQuestions[Name]>>;
  View: ComponentType<ViewProps<InsightQuestions[Name], InsightAnswers[Name]>>;
}

/** What every answer has. */
export type Explained = { explain: Explain };

/** Only filters that say enough to be asked; nothing at all where none is left. */
export function askableFilters(filters: readonly Filter[] | undefined): { filters?: Filter[] } {
  const kept = filters?.filter(isComplete) ?? [];
  return kept.length > 0 ? { filters: kept } : {};
}

export function askableMatch<Match extends Pick<EventMatch, "filters">>(match: Match): Match {
  const { filters, ...rest } = match;
  return { ...rest, ...askableFilters(filters) } as Match;
}

/** The range of a question replaced; both ends, so that an old end does not stay behind. */
export function withRange<Question extends { date_from?: string; date_to?: string }>(question: Question, range: Range): Question {
  const { date_to: _old, ...rest } = question;
  return { ...rest, date_from: range.from, ...(range.to ? { date_to: range.to } : {}) } as Question;
}

/** How a step, series or subject is called on the screen: two pages of one event are told apart by what they ask for. */
export function matchName(t: TFunction, match: Pick<EventMatch, "event" | "action" | "label" | "filters">): string {
  if (match.label) return match.label;
  const asked = (match.filters ?? []).filter(isComplete).flatMap((filter) => {
    if (filter.values || filter.value === undefined) return [];
    if (isOfCohort(filter)) return [`${t("cohorts.one")} ${cohortsOf(filter).join(", ")}`];
    const text = Array.isArray(filter.value) ? filter.value.join(", ") : String(filter.value);
    return operatorOf(filter) === "exact" ? [text] : [`${t(`operator.${operatorOf(filter)}`)} ${text}`];
  });
  return [match.event ?? (match.action === undefined ? t("events.all") : t("actions.nth", { id: String(match.action) })), ...asked].join(" · ");
}

/** What the server calls everybody in a row of its own. */
const EVERYBODY = "All persons";

/** A value of a breakdown; those that are no values in the reader's language, those of several properties one by one. */
export function valueName(t: TFunction, value: string, split?: Pick<Breakdown, "and" | "cohorts">): string {
  if (value === "(none)") return t("trends.none");
  if (value === "(other)") return t("trends.other");
  if (split?.cohorts && value === EVERYBODY) return t("cohorts.everybody");
  if (!split?.and?.length) return value;
  return partsOf(value)
    .map((part) => part ?? t("trends.none"))
    .join(" · ");
}

/** The values of several properties stand in one JSON list, null where one is missing. */
function partsOf(value: string): (string | null)[] {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map((one: unknown) => (one === null ? null : String(one))) : [value];
  } catch {
    return [value];
  }
}
