import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../parts/Copy";
import { CLIENTS, snippetFor } from "./snippets";
import classes from "./Start.module.css";

/** The text to paste for each client, with the key in it. */
export function Snippets({ host, writeKey }: { host: string; writeKey: string }) {
  const { t } = useTranslation();
  return (
    <Tabs defaultValue="snippet" keepMounted={false}>
      <Tabs.List aria-label={t("start.clients")}>
        {CLIENTS.map((client) => (
          <Tabs.Tab key={client} value={client}>
            {t(`start.client.${client}.name`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {CLIENTS.map((client) => (
        <Tabs.Panel key={client} value={client} pt="md">
          <p className={classes.note}>{t(`start.client.${client}.note`)}</p>
          <pre className={classes.code} tabIndex={0} data-testid="snippet">
            <code>{snippetFor(client, host, writeKey)}</code>
          </pre>
          <CopyButton text={snippetFor(client, host, writeKey)} label={t("action.copy")} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
