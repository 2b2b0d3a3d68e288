/** Where tiles stand: a grid of twelve columns, in which tiles never overlap and leave no gap above them. */
import type { Tile } from "../api/words";

export const COLUMNS = 12;
const WIDTH_MIN = 3;
const HEIGHT_MIN = 2;
/** Half of the width, and tall enough for a readable line. */
export const NEW_TILE = { w: 6, h: 4 };

export type Step = "left" | "right" | "up" | "down" | "wider" | "narrower" | "taller" | "shorter";
export const STEPS: readonly Step[] = ["left", "right", "up", "down", "wider", "narrower", "taller", "shorter"];

const overlap = (a: Tile, b: Tile): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Lets every tile rise as far as it can. Where two want one place, the one that stands higher keeps it. */
export function settled(tiles: readonly Tile[]): Tile[] {
  const placed: Tile[] = [];
  const order = [...tiles].sort((a, b) => a.y - b.y || a.x - b.x);
  for (const tile of order) {
    const free = (y: number) => !placed.some((other) => overlap({ ...tile, y }, other));
    let y = 0;
    while (!free(y)) y += 1;
    placed.push({ ...tile, y });
  }
  return placed;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function stepped(tile: Tile, step: Step, tiles: readonly Tile[]): Tile {
  switch (step) {
    case "left":
      return { ...tile, x: clamp(tile.x - 1, 0, COLUMNS - tile.w) };
    case "right":
      return { ...tile, x: clamp(tile.x + 1, 0, COLUMNS - tile.w) };
    case "wider":
      return { ...tile, w: clamp(tile.w + 1, WIDTH_MIN, COLUMNS - tile.x) };
    case "narrower":
      return { ...tile, w: clamp(tile.w - 1, WIDTH_MIN, COLUMNS) };
    case "taller":
      return { ...tile, h: tile.h + 1 };
    case "shorter":
      return { ...tile, h: Math.max(HEIGHT_MIN, tile.h - 1) };
    case "up":
      // Half a row above the tile that stands there, so that the two change places.
      return { ...tile, y: Math.max(-0.5, highestAbove(tile, tiles) - 0.5) };
    case "down":
      return { ...tile, y: lowestBelow(tile, tiles) + 0.5 };
  }
}

const beside = (a: Tile, b: Tile): boolean => a !== b && a.x < b.x + b.w && b.x < a.x + a.w;
const highestAbove = (tile: Tile, tiles: readonly Tile[]): number =>
  Math.max(0, ...tiles.filter((one) => beside(tile, one) && one.y < tile.y).map((one) => one.y));
const lowestBelow = (tile: Tile, tiles: readonly Tile[]): number => {
  const below = tiles.filter((one) => beside(tile, one) && one.y > tile.y).map((one) => one.y);
  return below.length === 0 ? tile.y : Math.min(...below);
};

/** One step with the keyboard. The moved tile wins its place; others make room. */
export function moved(tiles: readonly Tile[], index: number, step: Step): Tile[] {
  const tile = tiles[index];
  if (!tile) return [...tiles];
  const next = stepped(tile, step, tiles);
  const sideways = step !== "up" && step !== "down";
  const wins = sideways ? { ...next, y: next.y - 0.25 } : next;
  return settled(tiles.map((one, at) => (at === index ? wins : one)));
}

/** A new tile below all others, or beside the last one where there is room. */
export function withTile(tiles: readonly Tile[], insight: number): Tile[] {
  const bottom = Math.max(0, ...tiles.map((tile) => tile.y + tile.h));
  const beside = tiles
    .filter((tile) => tile.y + tile.h === bottom)
    .map((tile): Tile => ({ insight_id: insight, x: tile.x + tile.w, y: tile.y, ...NEW_TILE }))
    .find((place) => place.x + place.w <= COLUMNS && !tiles.some((tile) => overlap(place, tile)));
  return settled([...tiles, beside ?? { insight_id: insight, x: 0, y: bottom, ...NEW_TILE }]);
}
