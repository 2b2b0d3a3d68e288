import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/Page";
import { MembersPanel } from "./MembersPanel";
import { TokensPanel } from "./TokensPanel";

/** Who may see the organisation's apps, and the tokens of the member who looks. */
export function MembersPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("nav.members")} narrow>
      <Stack gap="md">
        <MembersPanel />
        <TokensPanel />
      </Stack>
    </Page>
  );
}
