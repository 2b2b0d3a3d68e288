import { Checkbox, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PATH_KINDS, type PathsQuestion } from "../../api/words";
import { DraftField } from "../frame/DraftField";
import { EditorFrame, EditorPart, FiltersPart } from "../frame/EditorFrame";
import type { EditorProps } from "../frame/kind";
import classes from "./Paths.module.css";

/** The question of paths: which steps there are, where they begin or end, what is taken together or left out. */
export function PathsEditor({ question, onChange, ...choices }: EditorProps<PathsQuestion>) {
  const { t } = useTranslation();
  /** An empty part is left out of the question. */
  const put = <Part extends "start" | "end" | "groups" | "exclude">(part: Part, value: PathsQuestion[Part]) => {
    const next = { ...question, [part]: value };
    if (!value?.length) delete next[part];
    onChange(next);
  };
  return (
    <EditorFrame
      title={t("paths.items")}
      side={
        <>
          <EditorPart title={t("paths.tidy")}>
            <TagsInput
              className={classes.list ?? ""}
              label={t("paths.exclude")}
              value={question.exclude ?? []}
              onChange={(exclude) => put("exclude", exclude)}
            />
            <TagsInput
              className={classes.list ?? ""}
              label={t("paths.groups")}
              {...(question.groups?.length ? {} : { placeholder: t("paths.groupsNote") })}
              value={question.groups ?? []}
              onChange={(groups) => put("groups", groups)}
            />
          </EditorPart>
          <FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />
        </>
      }
    >
      <div className={classes.kinds} role="group" aria-label={t("paths.items")}>
        {PATH_KINDS.map((kind) => {
          const on = question.kinds.includes(kind);
          return (
            <Checkbox
              key={kind}
              label={t(`paths.kind.${kind}`)}
              checked={on}
              // The last one stays: without any there would be nothing to follow.
              disabled={on && question.kinds.length === 1}
              onChange={() =>
                onChange({ ...question, kinds: PATH_KINDS.filter((one) => (one === kind ? !on : question.kinds.includes(one))) })
              }
            />
          );
        })}
      </div>
      <DraftField label={t("paths.start")} placeholder={t("paths.anywhere")} value={question.start ?? ""} onChange={(item) => put("start", item)} />
      <DraftField label={t("paths.end")} placeholder={t("paths.anywhere")} value={question.end ?? ""} onChange={(item) => put("end", item)} />
    </EditorFrame>
  );
}
