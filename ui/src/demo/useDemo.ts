import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import { demoQuery } from "../api/queries";
import type { DemoFill, Me, Project } from "../api/words";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { DEMO_TREND } from "./link";

export interface DemoStart {
  /** Whether the demo was asked for and there is nothing to see yet. */
  waiting: boolean;
  fill: DemoFill | undefined;
  /** Why it could not be started. */
  error: unknown;
  start: () => void;
}

/** Makes the demo, or goes on with it, and opens it as soon as there is something to see. */
export function useDemoStart(): DemoStart {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [project, setProject] = useState<number | null>(null);
  const made = useAction({
    quiet: true,
    run: () => post<Project>("/api/demo"),
    onDone: async (demo) => {
      const me = cache.getQueryData<Me>(keys.me);
      if (me?.projects.some((one) => one.id === demo.id)) showToast({ text: t("demo.there") });
      else if (me) cache.setQueryData<Me>(keys.me, { ...me, projects: [...me.projects, demo] });
      await cache.invalidateQueries({ queryKey: keys.demo(demo.id) });
      setProject(demo.id);
    },
  });
  const fill = useQuery({ ...demoQuery(project ?? 0), enabled: project !== null });
  const seen = project !== null && fill.data !== undefined && (fill.data.sent > 0 || fill.data.state === "done");
  useEffect(() => {
    if (!seen || project === null) return;
    cache.setQueryData<Me>(
      keys.me,
      (me) => me && { ...me, projects: me.projects.map((one) => (one.id === project ? { ...one, has_events: true } : one)) },
    );
    void navigate({ to: "/p/$projectId/trends", params: { projectId: project }, search: DEMO_TREND });
  }, [seen, project, cache, navigate]);
  const failed = fill.data?.state === "failed";
  return {
    waiting: made.isPending || (project !== null && !failed && !fill.error),
    fill: project === null ? undefined : fill.data,
    error: made.error ?? (project === null ? null : fill.error),
    start: () => made.mutate(undefined),
  };
}
