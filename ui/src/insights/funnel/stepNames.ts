/** What the steps of an answer are called, and where their numbers stand. */
import type { TFunction } from "i18next";
import type { Cell, FunnelAnswer, FunnelQuestion, FunnelRow } from "../../api/words";
import { matchName } from "../frame/kind";

/** In the reader's language. */
export const stepNames = (t: TFunction, question: FunnelQuestion, answer: FunnelAnswer): string[] =>
  answer.steps.map((name, at) => {
    const step = question.steps[at];
    return step ? matchName(t, step) : name;
  });

/** Step from 1: who did it; negative: who dropped there. */
export const stepCell = (row: FunnelRow, step: number): Cell => ({
  step,
  ...(row.breakdown_value === undefined || row.breakdown_value === null ? {} : { breakdown_value: row.breakdown_value }),
});
