import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { By } from "@/api/models";
import { fromLocalInput, toLocalInput } from "@/time/display";

export const GROUPINGS = ["week", "channel", "region", "bureau"] as const satisfies readonly By[];
export type Grouping = (typeof GROUPINGS)[number];

/** What the page shows; it stands in the address. Days of Beijing, both included; without them the last twelve weeks. */
export interface Asked {
  by: Grouping;
  from?: string;
  to?: string;
}

const DAY_MS = 86_400_000;
const USUAL_WEEKS = 12;

function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export function askedOf(query: LocationQuery): Asked {
  const asked: Asked = { by: GROUPINGS.find((known) => known === query.by) ?? "week" };
  const [from, to] = [day(query.from), day(query.to)];
  if (from) asked.from = from;
  if (to) asked.to = to;
  return asked;
}

export function addressOf({ by, from, to }: Asked): LocationQueryRaw {
  return { ...(by !== "week" && { by }), ...(from && { from }), ...(to && { to }) };
}

/** The days as moments: from the first one's beginning until before the end of the last. */
export function periodOf({ from, to }: Pick<Asked, "from" | "to">): { since?: string; until?: string } {
  const period: { since?: string; until?: string } = {};
  if (from) period.since = fromLocalInput(`${from}T00:00`);
  if (to) period.until = fromLocalInput(`${new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10)}T00:00`);
  return period;
}

/** The last weeks until now; the usual ones need no dates. */
export function lastWeeks(weeks: number, now = new Date()): Pick<Asked, "from" | "to"> {
  if (weeks === USUAL_WEEKS) return {};
  return { from: toLocalInput(new Date(now.getTime() - weeks * 7 * DAY_MS)).slice(0, 10) };
}
