import "react-grid-layout/css/styles.css";
import type { ReactNode } from "react";
import { GridLayout, useContainerWidth, type Layout } from "react-grid-layout";
import type { Tile } from "../api/words";
import classes from "./Dashboard.module.css";
import { COLUMNS } from "./grid";

interface TileGridProps {
  tiles: readonly Tile[];
  editable: boolean;
  onTiles: (tiles: Tile[]) => void;
  children: (tile: Tile, index: number, heightPx: number) => ReactNode;
}

const ROW_PX = 84;
const GAP_PX = 12;
/** Below this the tiles stand under each other, each over the whole width. */
const STACK_PX = 700;

/** Stays with the tile when tiles change places; a tile that was just added has no id yet. */
const keyOf = (tile: Tile): string => (tile.id === undefined ? `new ${tile.insight_id} ${tile.x} ${tile.y}` : `tile ${tile.id}`);

const heightOf = (tile: Tile): number => tile.h * ROW_PX + (tile.h - 1) * GAP_PX;

/** Tiles on the grid; moved by their title bar and sized by their corner with a pointer, or by their menu. */
export function TileGrid({ tiles, editable, onTiles, children }: TileGridProps) {
  const { width, containerRef, mounted } = useContainerWidth();
  const keep = (layout: Layout) =>
    onTiles(
      tiles.map((tile) => {
        const item = layout.find((one) => one.i === keyOf(tile));
        return item ? { ...tile, x: item.x, y: item.y, w: item.w, h: item.h } : tile;
      }),
    );
  return (
    <div ref={containerRef}>
      {mounted && width < STACK_PX && (
        <div className={classes.stack}>
          {tiles.map((tile, index) => (
            <div key={keyOf(tile)}>{children(tile, index, heightOf(tile))}</div>
          ))}
        </div>
      )}
      {mounted && width >= STACK_PX && (
        <GridLayout
          width={width}
          className={classes.grid ?? ""}
          layout={tiles.map((tile) => ({ i: keyOf(tile), x: tile.x, y: tile.y, w: tile.w, h: tile.h, minW: 3, minH: 2 }))}
          gridConfig={{ cols: COLUMNS, rowHeight: ROW_PX, margin: [GAP_PX, GAP_PX], containerPadding: [0, 0] }}
          dragConfig={{ enabled: editable, handle: "[data-drag]", cancel: "button, a" }}
          resizeConfig={{ enabled: editable, handles: ["se"] }}
          onDragStop={keep}
          onResizeStop={keep}
        >
          {tiles.map((tile, index) => (
            <div key={keyOf(tile)}>{children(tile, index, heightOf(tile))}</div>
          ))}
        </GridLayout>
      )}
    </div>
  );
}
