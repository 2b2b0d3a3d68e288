import { expect, test } from "vitest";
import type { Tile } from "../api/words";
import { COLUMNS, moved, settled, STEPS, withTile } from "./grid";

const tile = (id: number, x: number, y: number, w = 6, h = 4): Tile => ({ id, insight_id: id, x, y, w, h });
const overlap = (a: Tile, b: Tile) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function expectSound(tiles: Tile[]): void {
  for (const one of tiles) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + one.w).toBeLessThanOrEqual(COLUMNS);
    expect(Number.isInteger(one.y)).toBe(true);
    for (const other of tiles) if (one !== other) expect(overlap(one, other)).toBe(false);
  }
}

test("tiles rise to the top and never overlap", () => {
  const tiles = settled([tile(1, 0, 9), tile(2, 3, 9), tile(3, 0, 2)]);
  expectSound(tiles);
  expect(tiles.find((one) => one.id === 3)?.y).toBe(0);
});

test("every step of every tile leaves a sound grid with the same tiles", () => {
  const start = settled([tile(1, 0, 0), tile(2, 6, 0), tile(3, 0, 4, 12, 3), tile(4, 2, 7, 5, 2)]);
  for (const step of STEPS) {
    start.forEach((_, index) => {
      const after = moved(start, index, step);
      expectSound(after);
      expect(after.map((one) => one.id).sort()).toEqual([1, 2, 3, 4]);
    });
  }
});

test("up and down change places with the neighbour", () => {
  const tiles = settled([tile(1, 0, 0, 12), tile(2, 0, 4, 12)]);
  const up = moved(tiles, 1, "up");
  expect(up.find((one) => one.id === 2)?.y).toBe(0);
  const down = moved(tiles, 0, "down");
  expect(down.find((one) => one.id === 1)?.y).toBe(4);
});

test("a new tile stands beside the last one where there is room, else below", () => {
  const beside = withTile([tile(1, 0, 0)], 9);
  expect(beside.find((one) => one.insight_id === 9)).toMatchObject({ x: 6, y: 0 });
  const below = withTile(settled([tile(1, 0, 0), tile(2, 6, 0)]), 9);
  expect(below.find((one) => one.insight_id === 9)).toMatchObject({ x: 0, y: 4 });
});
