import type { Day } from "@/api/workbench";

/** "2026-11" and so many months further. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const at = new Date(Date.UTC(year, number - 1 + by, 1));
  return at.toISOString().slice(0, 7);
}

/** The days as weeks that begin on Monday; null where a week reaches into another month. */
export function weeksOf(days: readonly Day[]): (Day | null)[][] {
  const first = days[0];
  if (!first) return [];
  const lead = (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells: (Day | null)[] = [...Array.from({ length: lead }, () => null), ...days];
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

export const COLOURS = ["overdue", "red", "amber", "green"] as const;

export function totalOf({ counts }: Day): number {
  return COLOURS.reduce((sum, colour) => sum + (counts[colour] ?? 0), 0);
}
