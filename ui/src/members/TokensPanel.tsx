import { Alert, Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "../api/client";
import { keys } from "../api/keys";
import { tokensQuery } from "../api/queries";
import type { Token } from "../api/words";
import { useDates } from "../format/dates";
import { CopyIcon } from "../parts/Copy";
import { FormError } from "../parts/FormError";
import { Icon } from "../parts/icons";
import { Panel } from "../parts/Page";
import { Empty, Loaded } from "../parts/States";
import { useAction } from "../parts/useAction";
import { useProject } from "../shell/useProject";

const SCOPES = ["read", "write", "admin"] as const;

/** The member's own tokens for scripts. A token is shown once. */
export function TokensPanel() {
  const { t } = useTranslation();
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const revoke = useAction({
    touches: [keys.tokens],
    run: (token: Token) => remove(`/api/tokens/${token.id}`),
  });
  return (
    <Panel
      flush
      title={t("tokens.title")}
      actions={
        <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
          {t("tokens.add")}
        </Button>
      }
    >
      {made?.token && (
        <Stack p="md">
          <Alert color="teal" title={t("keys.made", { name: made.name })}>
            <Group>
              <code className="tm-mono" data-testid="new-token">
                {made.token}
              </code>
              <CopyIcon text={made.token} label={t("keys.copy")} />
            </Group>
            <p>{t("keys.once")}</p>
          </Alert>
        </Stack>
      )}
      <Loaded query={tokens}>
        {(data) =>
          data.tokens.length === 0 ? (
            <Empty icon="settings" title={t("tokens.empty")}>
              {t("tokens.emptyText")}
            </Empty>
          ) : (
            <TokensTable tokens={data.tokens} onRevoke={(token) => revoke.mutate(token)} />
          )
        }
      </Loaded>
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title={t("tokens.add")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <TokenForm
          onDone={(token) => {
            setMaking(false);
            setMade(token);
          }}
        />
      </Modal>
    </Panel>
  );
}

function TokenForm({ onDone }: { onDone: (token: Token) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const create = useAction({
    quiet: true,
    touches: [keys.tokens],
    run: () => post<Token>("/api/tokens", { name: name.trim(), scopes }),
    onDone,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(undefined);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t("keys.name")}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={t("tokens.scopes")} value={scopes} onChange={setScopes}>
          <Stack gap={6} mt={6}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`tokens.scope.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <FormError error={create.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
            {t("tokens.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TokensTable({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
  const { t } = useTranslation();
  const dates = useDates(useProject().time_zone);
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("tokens.title")}>
        <thead>
          <tr>
            <th scope="col">{t("keys.name")}</th>
            <th scope="col">{t("keys.key")}</th>
            <th scope="col">{t("tokens.scopes")}</th>
            <th scope="col">{t("keys.lastUsed")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.more")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td className="tm-mono">{token.prefix}…</td>
              <td>{token.scopes.join(", ")}</td>
              <td className="tm-quiet">{token.last_used_at ? dates.instant(token.last_used_at) : t("keys.never")}</td>
              <td className="tm-number">
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRevoke(token)}>
                  {t("keys.revoke")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
