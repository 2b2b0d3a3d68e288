import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import { demoQuery } from "../api/queries";
import type { Project } from "../api/words";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { DemoBannerView } from "./DemoBannerView";

/** How often what is on the screen is asked again while the demo is being filled; each time costs the server a query. */
const REDRAWN_MS = 5_000;

/** Over every screen of the demo while its events come in: how far it is, and the screens follow. */
export function DemoBanner({ projectId, mayGoOn }: { projectId: number; mayGoOn: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const fill = useQuery(demoQuery(projectId)).data;
  const running = fill?.state === "running";
  const was = useRef(false);
  const goOn = useAction({ run: () => post<Project>("/api/demo"), touches: [keys.demo(projectId)] });
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void cache.invalidateQueries({ queryKey: keys.project(projectId) }), REDRAWN_MS);
    return () => clearInterval(timer);
  }, [running, cache, projectId]);
  useEffect(() => {
    if (was.current && fill?.state === "done") {
      showToast({ text: t("demo.done") });
      void cache.invalidateQueries({ queryKey: keys.project(projectId) });
    }
    was.current = running;
  }, [running, fill?.state, cache, projectId, t]);
  if (!fill) return null;
  return (
    <DemoBannerView
      fill={fill}
      busy={goOn.isPending}
      {...(mayGoOn ? { onGoOn: () => goOn.mutate(undefined) } : {})}
    />
  );
}
