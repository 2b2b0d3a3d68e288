import { expect, test } from "vitest";
import { answerText } from "./answerText";

test("answers read as people write them; what has another form stays as it was sent", () => {
  expect(answerText('[{"option2":"5"}]')).toBe("option2: 5");
  expect(answerText('[{"a":1,"b":true},{"c":"x"}]')).toBe("a: 1, b: true · c: x");
  expect(answerText('"A"')).toBe("A");
  expect(answerText("[1,2]")).toBe("1 · 2");
  for (const kept of ["[]", "{}", '[{"a":{"b":1}}]', "[null]", "not json"]) expect(answerText(kept)).toBe(kept);
});
