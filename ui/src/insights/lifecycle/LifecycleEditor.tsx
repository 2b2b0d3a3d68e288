import { useTranslation } from "react-i18next";
import type { LifecycleQuestion } from "../../api/words";
import { EditorFrame, FiltersPart } from "../frame/EditorFrame";
import type { EditorProps } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";

/** The question of a lifecycle: what makes a person active. */
export function LifecycleEditor({ question, onChange, ...choices }: EditorProps<LifecycleQuestion>) {
  const { t } = useTranslation();
  return (
    <EditorFrame
      title={t("lifecycle.active")}
      side={<FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />}
    >
      <MatchRow
        scope={t("lifecycle.active")}
        eventLabel={t("lifecycle.event")}
        match={question.series}
        {...choices}
        onChange={(series) => onChange({ ...question, series })}
      />
    </EditorFrame>
  );
}
