import type { RegionLine } from "@/api/wall";

/** A region in the grid; row and column count from 1. */
export interface Tile {
  line: RegionLine;
  row: number;
  column: number;
  /** 0: none, 1 to 5: how much of the most there is. */
  strength: number;
}

export const METRICS = ["received", "open", "overdue", "urgent"] as const;
export type Metric = (typeof METRICS)[number];

/** Where the cities of a province lie to each other, roughly, as [row, column]; drawn by us from the map of China. */
export const PLACES: Record<string, Record<string, readonly [number, number]>> = {
  "330000": {
    "330500": [1, 2], "330400": [1, 3], "330900": [1, 5],
    "330100": [2, 2], "330600": [2, 3], "330200": [2, 4],
    "330800": [3, 1], "330700": [3, 2], "331000": [3, 4],
    "331100": [4, 2], "330300": [4, 3],
  },
};
const PER_ROW = 5;
const STEPS = 5;

/** The parts of a region as tiles: where the layout knows them, else row after row; what it does not know comes after it. */
export function tilesOf(root: string, lines: readonly RegionLine[], metric: Metric): Tile[] {
  const layout = PLACES[root] ?? {};
  const most = Math.max(0, ...lines.map((line) => line[metric].count));
  const below = Math.max(0, ...Object.values(layout).map(([row]) => row));
  const placed = lines.filter(({ key }) => key in layout);
  const rest = lines.filter(({ key }) => !(key in layout));
  const strength = (line: RegionLine) => (line[metric].count === 0 ? 0 : Math.ceil((line[metric].count / most) * STEPS));
  return [
    ...placed.map((line) => {
      const [row, column] = layout[line.key] ?? [1, 1];
      return { line, row, column, strength: strength(line) };
    }),
    ...rest.map((line, n) => ({ line, row: below + 1 + Math.floor(n / PER_ROW), column: 1 + (n % PER_ROW), strength: strength(line) })),
  ];
}

/** The tile an arrow key leads to: the nearest one in that direction, or none. */
export function neighbour(tiles: readonly Tile[], from: Tile, key: string): Tile | undefined {
  const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const right = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (down === 0 && right === 0) return undefined;
  const ahead = (tile: Tile) => (tile.row - from.row) * down + (tile.column - from.column) * right;
  const aside = (tile: Tile) => Math.abs((tile.row - from.row) * right) + Math.abs((tile.column - from.column) * down);
  return tiles
    .filter((tile) => ahead(tile) > 0)
    .sort((a, b) => ahead(a) + 2 * aside(a) - (ahead(b) + 2 * aside(b)) || aside(a) - aside(b))[0];
}
