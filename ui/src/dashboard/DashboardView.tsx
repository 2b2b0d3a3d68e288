import { Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Dashboard, Insight, Tile } from "../api/words";
import { Icon } from "../parts/icons";
import { Page } from "../parts/Page";
import { RangePicker } from "../parts/RangePicker";
import { Empty, LoadingRows } from "../parts/States";
import { showToast } from "../parts/toasts";
import type { Range } from "../url/range";
import { moved, settled, withTile } from "./grid";
import { TileCard } from "./TileCard";

const TileGrid = lazy(() => import("./TileGrid").then((module) => ({ default: module.TileGrid })));

interface DashboardViewProps {
  projectId: number;
  dashboard: Dashboard;
  insights: readonly Insight[];
  /** Over all tiles; absent: each tile keeps its own range. */
  range?: Range;
  mayWrite: boolean;
  onRange: (range: Range | null) => void;
  onTiles: (tiles: Tile[]) => void;
}

/** Saved insights side by side. */
export function DashboardView(props: DashboardViewProps) {
  const { projectId, dashboard, insights, range, mayWrite, onRange, onTiles } = props;
  const { t } = useTranslation();
  const tiles = settled(dashboard.tiles);
  const byId = new Map(insights.map((insight) => [insight.id, insight]));
  const remove = (index: number) => {
    const before = tiles;
    onTiles(settled(tiles.filter((_, at) => at !== index)));
    showToast({
      text: t("dashboard.removed"),
      action: { label: t("action.undo"), run: () => onTiles([...before]) },
    });
  };
  const add = <AddTile insights={insights} onAdd={(insight) => onTiles(withTile(tiles, insight.id))} />;
  return (
    <Page
      title={t("nav.dashboard")}
      actions={
        <>
          {range && (
            <Button variant="subtle" onClick={() => onRange(null)}>
              {t("dashboard.ownRanges")}
            </Button>
          )}
          <RangePickerOrOwn {...(range ? { range } : {})} onRange={onRange} />
          {mayWrite && insights.length > 0 && add}
        </>
      }
    >
      {tiles.length === 0 ? (
        <section className="tm-panel">
          <Empty
            icon="dashboard"
            title={t("dashboard.empty")}
            actions={
              insights.length > 0 ? (
                mayWrite && add
              ) : (
                <Link to="/p/$projectId/trends" params={{ projectId }}>
                  <Button component="span">{t("dashboard.makeTrend")}</Button>
                </Link>
              )
            }
          >
            {insights.length > 0 ? t("dashboard.emptyText") : t("dashboard.emptyNoInsights")}
          </Empty>
        </section>
      ) : (
        <Suspense fallback={<LoadingRows rows={6} height={40} />}>
          <TileGrid tiles={tiles} editable={mayWrite} onTiles={onTiles}>
            {(tile, index, heightPx) => (
              <TileCard
                projectId={projectId}
                insight={byId.get(tile.insight_id)}
                {...(range ? { range } : {})}
                heightPx={heightPx}
                {...(mayWrite
                  ? {
                      onStep: (step) => onTiles(moved(tiles, index, step)),
                      onRemove: () => remove(index),
                    }
                  : {})}
              />
            )}
          </TileGrid>
        </Suspense>
      )}
    </Page>
  );
}

function RangePickerOrOwn({ range, onRange }: { range?: Range; onRange: (range: Range) => void }) {
  const { t } = useTranslation();
  if (range) return <RangePicker range={range} onChange={onRange} />;
  return (
    <Button
      variant="default"
      leftSection={<Icon name="calendar" size={16} />}
      onClick={() => onRange({ from: "-7d" })}
    >
      {t("dashboard.setRange")}
    </Button>
  );
}

function AddTile({ insights, onAdd }: { insights: readonly Insight[]; onAdd: (insight: Insight) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md" width={280}>
      <Menu.Target>
        <Button leftSection={<Icon name="plus" size={14} />}>{t("dashboard.add")}</Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {insights.map((insight) => (
          <Menu.Item key={insight.id} onClick={() => onAdd(insight)}>
            {insight.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
