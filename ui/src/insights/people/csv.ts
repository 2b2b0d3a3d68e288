/** The people of a list as a file for spreadsheets. */
import type { PersonRow } from "../../api/words";

/** A spreadsheet would run such a text as a formula; the apostrophe makes it text again. */
const FORMULA = /^[=+\-@\t\r]/;

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const peopleCsv = (people: readonly PersonRow[]): string =>
  ["person,count", ...people.map(({ person, count }) => `${field(person)},${count}`)].join("\r\n") + "\r\n";
