/** Shows an insight as its screen does, without a network. */
import { vi } from "vitest";
import type { InsightAnswers, InsightKind, InsightQuestions } from "../api/words";
import { InsightScreen } from "../insights/frame/InsightScreen";
import type { Kind } from "../insights/frame/kind";
import { NO_PROPERTIES } from "../parts/properties";
import { catalogue } from "./samples";
import { show } from "./show";

export async function showInsight<Name extends InsightKind>(
  kind: Kind<Name>,
  question: InsightQuestions[Name],
  data: InsightAnswers[Name],
) {
  const onChange = vi.fn<(question: InsightQuestions[Name]) => void>();
  const onOpen = vi.fn();
  const answer = { data, asked: question, error: null, busy: false, stale: false, answeredAt: 0, retry: () => undefined };
  const shown = await show(
    <InsightScreen
      {...{ kind, question, answer, onChange, onOpen }}
      project={{ id: 1, time_zone: "Asia/Kolkata" }}
      changed={false}
      events={catalogue.events}
      properties={{ ...NO_PROPERTIES, event: catalogue.properties }}
      catalogueEmpty={false}
      useValues={() => []}
      actions={[]}
      buttons={null}
    />,
  );
  return { ...shown, onChange, onOpen };
}
