/** Answers as clients send them, in a form that people read. */

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** `[{"option2": "5"}]` is "option2: 5"; what has another form stays as it was sent. */
export function answerText(json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return json;
  }
  const parts = Array.isArray(value) ? (value as unknown[]) : [value];
  const texts = parts.map((part) => {
    if (isPlain(part)) return String(part);
    if (typeof part !== "object" || part === null) return undefined;
    const pairs = Object.entries(part);
    if (pairs.length === 0 || !pairs.every(([, one]) => isPlain(one))) return undefined;
    return pairs.map(([name, one]) => `${name}: ${String(one)}`).join(", ");
  });
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts.join(" · ") : json;
}
