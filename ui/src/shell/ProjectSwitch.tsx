import { Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { atLeast, type Me } from "../api/words";
import { Icon } from "../parts/icons";
import classes from "./Shell.module.css";

/** Which app is looked at, and the way to another one. */
export function ProjectSwitch({ me, projectId }: { me: Me; projectId: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const current = me.projects.find((project) => project.id === projectId);
  return (
    <Menu width={230} position="bottom-start" shadow="md">
      <Menu.Target>
        <button type="button" className={classes.project}>
          <span className={classes.mark}>
            <Icon name="trends" size={16} />
          </span>
          <span className={classes.names}>
            <span className={`${classes.projectName} tm-clip`}>{current?.name}</span>
            <span className={`${classes.organization} tm-clip`}>{me.organization?.name}</span>
          </span>
          <span className="tm-visually-hidden">{t("nav.switchApp")}</span>
          <Icon name="down" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("nav.apps")}</Menu.Label>
        {me.projects.map((project) => (
          <Menu.Item
            key={project.id}
            rightSection={project.id === projectId ? <Icon name="check" size={14} /> : null}
            onClick={() => void navigate({ to: "/p/$projectId", params: { projectId: project.id } })}
          >
            {project.name}
          </Menu.Item>
        ))}
        {atLeast(me.member.role, "admin") && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => void navigate({ to: "/p/$projectId/new-app", params: { projectId } })}
            >
              {t("nav.newApp")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
