import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Insight } from "../api/words";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/States";
import { screenOf } from "../insights/saved/screenOf";
import type { Range } from "../url/range";
import classes from "./Dashboard.module.css";
import { STEPS, type Step } from "./grid";
import { TileBody } from "./TileBody";

interface TileCardProps {
  projectId: number;
  /** Undefined: it was deleted. */
  insight: Insight | undefined;
  range?: Range;
  heightPx: number;
  onStep?: (step: Step) => void;
  onRemove?: () => void;
}

/** What stands above the picture, and the space around it. */
const HEAD_PX = 58;

/** One saved insight on the dashboard. */
export function TileCard({ projectId, insight, range, heightPx, onStep, onRemove }: TileCardProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const name = insight?.name ?? t("dashboard.gone");
  return (
    <article className={`tm-panel ${classes.tile}`} style={{ height: heightPx }} aria-label={name}>
      <header className={classes.head} data-drag={onStep ? true : undefined}>
        {insight ? (
          <Link
            to={screenOf(insight)}
            params={{ projectId }}
            search={{ insight: insight.id }}
            className={`${classes.name} tm-clip`}
          >
            {name}
          </Link>
        ) : (
          <span className={`${classes.name} tm-quiet`}>{name}</span>
        )}
        <Menu position="bottom-end" shadow="md" width={190}>
          <Menu.Target>
            <ActionIcon aria-label={t("dashboard.tileMenu", { name })}>
              <Icon name="dots" size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsTable((now) => !now)}>
              {asTable ? t("dashboard.asChart") : t("dashboard.asTable")}
            </Menu.Item>
            {onStep && <Menu.Divider />}
            {onStep &&
              STEPS.map((step) => (
                <Menu.Item key={step} closeMenuOnClick={false} onClick={() => onStep(step)}>
                  {t(`dashboard.step.${step}`)}
                </Menu.Item>
              ))}
            {onRemove && <Menu.Divider />}
            {onRemove && (
              <Menu.Item style={{ color: "var(--tm-bad)" }} onClick={onRemove}>
                {t("dashboard.remove")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </header>
      {insight && insight.question.kind !== "events" ? (
        <TileBody {...{ projectId, asTable }} insight={insight} heightPx={heightPx - HEAD_PX} {...(range ? { range } : {})} />
      ) : (
        <Empty icon="insights" title={t("dashboard.goneText")} />
      )}
    </article>
  );
}
