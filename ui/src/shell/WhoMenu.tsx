import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { disarmLoginGate } from "../api/login-gate";
import type { Me } from "../api/words";
import { Icon } from "../parts/icons";
import { useAction } from "../parts/useAction";
import { useScheme } from "../theme/scheme";
import classes from "./Shell.module.css";

/** The member: account, appearance, logout. */
export function WhoMenu({ me, projectId }: { me: Me; projectId: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useScheme();
  const logout = useAction({
    run: () => post<void>("/api/logout"),
    onDone: () => {
      disarmLoginGate();
      cache.clear();
      void navigate({ to: "/login" });
    },
  });
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <>
      <Menu width={210} position="top-start" shadow="md">
        <Menu.Target>
          <button type="button" className={classes.who} aria-label={t("nav.me", { name: me.member.name })}>
            <Icon name="account" />
            <span className="tm-clip">{me.member.name}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.member.email}</Menu.Label>
          <Menu.Item
            leftSection={<Icon name="settings" size={16} />}
            onClick={() => void navigate({ to: "/p/$projectId/account", params: { projectId } })}
          >
            {t("nav.account")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="logout" size={16} />} onClick={() => logout.mutate(undefined)}>
            {t("nav.logout")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t(`nav.scheme.${other}`)}>
        <ActionIcon aria-label={t(`nav.scheme.${other}`)} onClick={() => setColorScheme(other)}>
          <Icon name={scheme === "dark" ? "sun" : "moon"} size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
