import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "../api/client";
import { keys } from "../api/keys";
import { membersQuery } from "../api/queries";
import { atLeast, type Member, type Role, ROLES } from "../api/words";
import { useDates } from "../format/dates";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Icon } from "../parts/icons";
import { Panel } from "../parts/Page";
import { Loaded } from "../parts/States";
import { useAction } from "../parts/useAction";
import { useMe, useProject } from "../shell/useProject";
import { InviteDialog } from "./InviteDialog";

export function MembersPanel() {
  const { t } = useTranslation();
  const me = useMe();
  const mayChange = atLeast(me.member.role, "admin");
  const members = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const touches = [keys.members, keys.me];
  const setRole = useAction({
    touches,
    run: ({ member, role }: { member: Member; role: Role }) => patch<Member>(`/api/members/${member.id}`, { role }),
  });
  const erase = useAction({
    touches,
    run: (member: Member) => remove(`/api/members/${member.id}`),
    onDone: () => setRemoving(null),
  });
  return (
    <Panel
      flush
      title={t("members.title")}
      actions={
        mayChange && (
          <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setInviting(true)}>
            {t("members.add")}
          </Button>
        )
      }
    >
      <Loaded query={members}>
        {(data) => (
          <MembersTable
            members={data.members}
            {...(mayChange
              ? {
                  own: me.member.id,
                  onRole: (member: Member, role: Role) => setRole.mutate({ member, role }),
                  onRemove: setRemoving,
                }
              : {})}
          />
        )}
      </Loaded>
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
      <ConfirmDialog
        opened={removing !== null}
        title={t("members.removeTitle", { name: removing?.name ?? "" })}
        text={t("members.removeText")}
        confirm={t("members.remove")}
        busy={erase.isPending}
        onClose={() => setRemoving(null)}
        onConfirm={() => removing && erase.mutate(removing)}
      />
    </Panel>
  );
}

interface MembersTableProps {
  members: readonly Member[];
  /** The member who looks; cannot remove themselves. */
  own?: number;
  onRole?: (member: Member, role: Role) => void;
  onRemove?: (member: Member) => void;
}

function MembersTable({ members, own, onRole, onRemove }: MembersTableProps) {
  const { t } = useTranslation();
  const dates = useDates(useProject().time_zone);
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("members.title")}>
        <thead>
          <tr>
            <th scope="col">{t("keys.name")}</th>
            <th scope="col">{t("field.email")}</th>
            <th scope="col">{t("members.role")}</th>
            <th scope="col">{t("members.lastLogin")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.more")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <td>{member.name}</td>
              <td className="tm-quiet">{member.email}</td>
              <td>
                {onRole ? (
                  <Select
                    aria-label={t("members.roleOf", { name: member.name })}
                    size="xs"
                    w={140}
                    data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                    value={member.role}
                    allowDeselect={false}
                    onChange={(next) => {
                      const role = ROLES.find((one) => one === next);
                      if (role && role !== member.role) onRole(member, role);
                    }}
                  />
                ) : (
                  t(`role.${member.role}`)
                )}
              </td>
              <td className="tm-quiet">{member.last_login_at ? dates.instant(member.last_login_at) : t("keys.never")}</td>
              <td className="tm-number">
                {onRemove && member.id !== own && (
                  <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRemove(member)}>
                    {t("members.remove")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
