import { Drawer } from "@mantine/core";
import { skipToken, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type OpenedNumber, peopleQuery } from "../../api/queries";
import { atLeast, type Project } from "../../api/words";
import { useMe } from "../../shell/useProject";
import classes from "./People.module.css";
import { PeopleView } from "./PeopleView";
import { SaveCohort } from "./SaveCohort";
import { useCsv } from "./useCsv";

interface PeopleDrawerProps {
  project: Pick<Project, "id" | "time_zone">;
  /** Whether a number is open; its question may still be on its way. */
  shown: boolean;
  opened: OpenedNumber | undefined;
  /** What the number is. */
  title: string;
  onClose: () => void;
}

/** The people behind one number, at the side. */
export function PeopleDrawer({ project, shown, opened, title, onClose }: PeopleDrawerProps) {
  const { t } = useTranslation();
  const options = peopleQuery(project.id, opened ?? { question: { kind: "paths", kinds: [] }, cell: {}, askedAt: "" });
  const pages = useInfiniteQuery({ ...options, queryFn: opened ? (options.queryFn ?? skipToken) : skipToken });
  const csv = useCsv(project.id, opened);
  const mayWrite = atLeast(useMe().member.role, "member");
  const [saving, setSaving] = useState(false);
  return (
    <Drawer
      opened={shown}
      onClose={onClose}
      position="right"
      size="md"
      title={<span className={classes.title}>{title}</span>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <PeopleView
        project={project}
        pages={pages.data?.pages}
        error={pages.error}
        busy={pages.isFetching}
        onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        onRetry={() => void pages.refetch()}
        csvBusy={csv.busy}
        onCsv={() => opened && void csv.start(`people-${opened.question.kind}.csv`)}
        onSave={mayWrite ? () => setSaving(true) : undefined}
      />
      {saving && opened && <SaveCohort projectId={project.id} {...{ opened, name: title }} onClose={() => setSaving(false)} />}
    </Drawer>
  );
}
