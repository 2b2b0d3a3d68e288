/** What a link to paths carries. */
import { PATH_KINDS, type PathsQuestion } from "../api/words";
import { type InsightUrl, rangeParts, readCount, readList, readRange } from "./insight";
import { isRecord, present, readOneOf, readText } from "./read";

export const PATH_STEPS = { least: 2, most: 20, usual: 5 };
const EDGES_MAX = 1_000;
/** Lists of rules and names in a link. */
const LIST_MAX = 50;

export const pathsUrl: InsightUrl<PathsQuestion> = {
  subject: "kinds",
  defaults: { date_from: "-7d", steps: PATH_STEPS.usual, limit: 50 },
  read: (search) => {
    const kinds = readList(search["kinds"], (one) => readOneOf(one, PATH_KINDS), PATH_KINDS.length);
    const texts = (value: unknown) => {
      const list = readList(value, readText, LIST_MAX);
      return list.length > 0 ? list : undefined;
    };
    const cleaning = readList(search["cleaning"], readCleaning, LIST_MAX);
    const { explicitDate: _explicit, ...range } = readRange(search);
    return present({
      kinds: kinds.length > 0 ? kinds : undefined,
      cleaning: cleaning.length > 0 ? cleaning : undefined,
      groups: texts(search["groups"]),
      exclude: texts(search["exclude"]),
      start: readText(search["start"]),
      end: readText(search["end"]),
      steps: readCount(search["steps"], PATH_STEPS.least, PATH_STEPS.most),
      limit: readCount(search["limit"], 1, EDGES_MAX),
      edges_min: readCount(search["edges_min"], 1, Number.MAX_SAFE_INTEGER),
      edges_max: readCount(search["edges_max"], 1, Number.MAX_SAFE_INTEGER),
      ...range,
    }) as Partial<PathsQuestion>;
  },
  begin: (carried) => ({ kinds: ["pages"], ...rangeParts(carried) }),
  subjects: () => [],
};

function readCleaning(value: unknown): { regex: string; alias: string } | undefined {
  if (!isRecord(value)) return undefined;
  const regex = readText(value["regex"]);
  return regex ? { regex, alias: readText(value["alias"]) ?? "" } : undefined;
}
