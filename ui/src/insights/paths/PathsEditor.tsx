import { Checkbox, TagsInput, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { PATH_KINDS, type PathsQuestion } from "../../api/words";
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
      <ItemField label={t("paths.start")} value={question.start ?? ""} onChange={(item) => put("start", item)} />
      <ItemField label={t("paths.end")} value={question.end ?? ""} onChange={(item) => put("end", item)} />
    </EditorFrame>
  );
}

/** Told on Enter and when the field is left, so that half a page is never asked. */
function ItemField({ label, value, onChange }: { label: string; value: string; onChange: (item: string) => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = () => draft.trim() !== value && onChange(draft.trim());
  return (
    <TextInput
      label={label}
      placeholder={t("paths.anywhere")}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
