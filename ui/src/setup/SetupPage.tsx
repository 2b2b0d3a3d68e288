import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/errors";
import { meQuery, setupQuery } from "../api/queries";
import { atLeast, type Me } from "../api/words";
import { Empty, ErrorPanel, LoadingRows } from "../parts/States";
import { LevelStep } from "./LevelStep";
import { NamesStep } from "./NamesStep";
import { Outside } from "./Outside";
import { OwnerStep } from "./OwnerStep";

const STEPS = 4;

/** The first start: owner, names, level. Where a person left off is read from the server, so a reload loses nothing. */
export function SetupPage() {
  const { t } = useTranslation();
  const setup = useQuery(setupQuery);
  const me = useQuery({ ...meQuery, enabled: setup.data?.needed === false });
  if (setup.data?.needed) {
    return (
      <Outside title={t("setup.ownerTitle")} lead={t("setup.ownerLead")} step={{ now: 1, of: STEPS }}>
        <OwnerStep />
      </Outside>
    );
  }
  if (me.data) return <AppSteps me={me.data} />;
  if (me.error instanceof ApiError && me.error.status === 401) return <Navigate to="/login" replace />;
  const error = setup.error ?? me.error;
  return (
    <Outside title={t("setup.title")}>
      {error ? (
        <ErrorPanel error={error} onRetry={() => void (setup.error ? setup.refetch() : me.refetch())} />
      ) : (
        <LoadingRows rows={4} />
      )}
    </Outside>
  );
}

function AppSteps({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [app, setApp] = useState<string | null>(null);
  if (me.projects.length > 0) return <Navigate to="/" replace />;
  if (!atLeast(me.member.role, "admin")) {
    return (
      <Outside title={t("setup.title")}>
        <Empty title={t("setup.noAppTitle")}>{t("setup.noAppText")}</Empty>
      </Outside>
    );
  }
  if (app === null) {
    return (
      <Outside title={t("setup.namesTitle")} lead={t("setup.namesLead")} step={{ now: 2, of: STEPS }}>
        <NamesStep organization={me.organization ?? null} onDone={setApp} />
      </Outside>
    );
  }
  return (
    <Outside
      title={t("setup.levelTitle", { app })}
      lead={t("setup.levelLead")}
      step={{ now: 3, of: STEPS }}
      wide
    >
      <LevelStep app={app} onBack={() => setApp(null)} />
    </Outside>
  );
}
