import type { CaseRow } from "@/api/types";

/** Most urgent first, then who has waited longest. */
export function inOrder<T extends Pick<CaseRow, "urgency" | "received_at">>(rows: readonly T[]): T[] {
  return [...rows].sort(
    (a, b) => a.urgency.localeCompare(b.urgency) || Date.parse(a.received_at) - Date.parse(b.received_at),
  );
}

/** The row to go to after `number` is gone: the one that stood behind it, else the last, else none. */
export function neighbour(rows: readonly Pick<CaseRow, "number">[], number: string): string | null {
  const at = rows.findIndex((row) => row.number === number);
  const others = rows.filter((row) => row.number !== number);
  return (others[Math.max(at, 0)] ?? others.at(-1))?.number ?? null;
}
