import { Alert, Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "../api/client";
import { keys } from "../api/keys";
import { accessKeysQuery, projectPath } from "../api/queries";
import type { Key, Project } from "../api/words";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { CopyIcon } from "../parts/Copy";
import { NameDialog } from "../parts/NameDialog";
import { Panel } from "../parts/Page";
import { Loaded } from "../parts/States";
import { useAction } from "../parts/useAction";
import { KeysTable } from "./KeysTable";

/** Write keys, which only send, and secret keys. A secret key is shown once. */
export function KeysPanel({ project, mayChange }: { project: Project; mayChange: boolean }) {
  const { t } = useTranslation();
  const list = useQuery({ ...accessKeysQuery(project.id), enabled: mayChange });
  const [making, setMaking] = useState<Key["kind"] | null>(null);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [made, setMade] = useState<Key | null>(null);
  const path = `${projectPath(project.id)}/keys`;
  const touches = [keys.accessKeys(project.id), keys.me];
  const create = useAction({
    quiet: true,
    touches,
    run: (name: string) => post<Key>(path, { kind: making, name }),
    onDone: (key) => {
      setMaking(null);
      setMade(key);
    },
  });
  const revoke = useAction({
    touches,
    run: (key: Key) => remove(`${path}/${key.id}`),
    onDone: () => setRevoking(null),
  });
  return (
    <Panel
      flush={mayChange}
      title={t("keys.title")}
      actions={
        mayChange && (
          <>
            <Link to="/p/$projectId/start" params={{ projectId: project.id }} style={{ color: "var(--tm-accent)" }}>
              {t("live.howToSend")}
            </Link>
            <Button variant="default" onClick={() => setMaking("write")}>
              {t("keys.newWrite")}
            </Button>
            <Button variant="default" onClick={() => setMaking("secret")}>
              {t("keys.newSecret")}
            </Button>
          </>
        )
      }
    >
      {!mayChange && project.write_key && (
        <Group>
          <code className="tm-mono">{project.write_key}</code>
          <CopyIcon text={project.write_key} label={t("keys.copy")} />
        </Group>
      )}
      {made?.key && (
        <Stack p="md">
          <Alert color="teal" title={t("keys.made", { name: made.name })}>
            <Group>
              <code className="tm-mono" data-testid="new-key">
                {made.key}
              </code>
              <CopyIcon text={made.key} label={t("keys.copy")} />
            </Group>
            {made.kind === "secret" && <p>{t("keys.once")}</p>}
          </Alert>
        </Stack>
      )}
      {mayChange && (
        <Loaded query={list}>
          {(data) => <KeysTable keys={data.keys} timeZone={project.time_zone} onRevoke={setRevoking} />}
        </Loaded>
      )}
      <NameDialog
        opened={making !== null}
        title={making === "secret" ? t("keys.newSecret") : t("keys.newWrite")}
        label={t("keys.name")}
        initial=""
        busy={create.isPending}
        error={create.error}
        onClose={() => setMaking(null)}
        onSubmit={(name) => create.mutate(name)}
      />
      <ConfirmDialog
        opened={revoking !== null}
        title={t("keys.revokeTitle", { name: revoking?.name ?? "" })}
        text={t("keys.revokeText")}
        confirm={t("keys.revoke")}
        busy={revoke.isPending}
        onClose={() => setRevoking(null)}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      />
    </Panel>
  );
}
