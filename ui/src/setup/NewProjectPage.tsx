import { Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DemoOffer } from "../demo/DemoOffer";
import { Page, Panel } from "../parts/Page";
import { LevelStep } from "./LevelStep";

/** One more app in the organisation: a name, then its level. */
export function NewProjectPage() {
  const { t } = useTranslation();
  const [draft, setDraft] = useState("");
  const [app, setApp] = useState<string | null>(null);
  return (
    <Page title={t("nav.newApp")} lead={app === null ? t("setup.appNote") : t("setup.levelLead")}>
      <Panel {...(app === null ? {} : { title: app })}>
        {app === null ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setApp(draft.trim());
            }}
          >
            <Stack gap="sm" maw={420}>
              <TextInput
                label={t("setup.app")}
                required
                withAsterisk={false}
                autoFocus
                value={draft}
                onChange={(event) => setDraft(event.currentTarget.value)}
              />
              <Button type="submit" disabled={draft.trim() === ""}>
                {t("action.continue")}
              </Button>
            </Stack>
          </form>
        ) : (
          <LevelStep app={app} onBack={() => setApp(null)} />
        )}
      </Panel>
      {app === null && <DemoOffer />}
    </Page>
  );
}
