import { describe, expect, it } from "vitest";
import type { RegionLine } from "@/api/wall";
import { neighbour, PLACES, tilesOf } from "./tiles";

const line = (key: string, received: number, overdue = 0): RegionLine => {
  const figure = (count: number) => ({ count, filter: { region: key } });
  return { key, name: key, received: figure(received), open: figure(0), overdue: figure(overdue), urgent: figure(0) };
};
const zhejiang = Object.keys(PLACES["330000"] ?? {}).map((key, n) => line(key, n));

describe("the tile grid", () => {
  it("gives each of the eleven cities a place of its own", () => {
    const tiles = tilesOf("330000", zhejiang, "received");
    expect(tiles).toHaveLength(11);
    expect(new Set(tiles.map(({ row, column }) => `${row}.${column}`)).size).toBe(11);
  });

  it("puts what the layout does not know below, and goes row after row where there is none", () => {
    const more = tilesOf("330000", [...zhejiang, line("339900", 1)], "received").at(-1);
    expect([more?.row, more?.column]).toEqual([5, 1]);
    const plain = tilesOf("330100", ["330102", "330105", "330106", "330108", "330109", "330110"].map((key) => line(key, 1)), "received");
    expect(plain.map(({ row, column }) => [row, column])).toEqual([[1, 1], [1, 2], [1, 3], [1, 4], [1, 5], [2, 1]]);
  });

  it("colours by the chosen count; none has no colour, the most the strongest", () => {
    const lines = [line("330100", 10, 0), line("330200", 1, 3), line("330300", 0, 0)];
    expect(tilesOf("330000", lines, "received").map(({ strength }) => strength)).toEqual([5, 1, 0]);
    expect(tilesOf("330000", lines, "overdue").map(({ strength }) => strength)).toEqual([0, 5, 0]);
    expect(tilesOf("330000", lines, "urgent").map(({ strength }) => strength)).toEqual([0, 0, 0]);
  });

  it("reaches every tile with the arrow keys and stops at the edge", () => {
    const tiles = tilesOf("330000", zhejiang, "received");
    const at = (key: string) => {
      const found = tiles.find(({ line: { key: code } }) => code === key);
      if (!found) throw new Error(key);
      return found;
    };
    expect(neighbour(tiles, at("330100"), "ArrowRight")?.line.key).toBe("330600");
    expect(neighbour(tiles, at("330100"), "ArrowUp")?.line.key).toBe("330500");
    expect(neighbour(tiles, at("330500"), "ArrowUp")).toBeUndefined();
    expect(neighbour(tiles, at("330100"), "a")).toBeUndefined();
    const seen = new Set([tiles[0]]);
    for (const tile of seen) for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) if (tile) seen.add(neighbour(tiles, tile, key) ?? tile);
    expect(seen.size).toBe(11);
  });
});
