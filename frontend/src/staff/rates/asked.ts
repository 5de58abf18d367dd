import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { RatesBy } from "@/api/rates";
import { toLocalInput } from "@/time/display";

export const GROUPINGS = ["unit", "region", "topic", "channel", "week"] as const satisfies readonly RatesBy[];
export const FIGURES = ["response", "resolution", "resolution_net", "satisfaction"] as const;
export type Figure = (typeof FIGURES)[number];

/** What the page shows; it stands in the address. Days of Beijing, both included; without them the last twelve weeks. */
export interface Asked {
  by: (typeof GROUPINGS)[number];
  since?: string;
  until?: string;
}

const DAY_MS = 86_400_000;
const USUAL_WEEKS = 12;

function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export function askedOf(query: LocationQuery): Asked {
  const asked: Asked = { by: GROUPINGS.find((known) => known === query.by) ?? "unit" };
  const [since, until] = [day(query.since), day(query.until)];
  if (since) asked.since = since;
  if (until) asked.until = until;
  return asked;
}

export function addressOf({ by, since, until }: Asked): LocationQueryRaw {
  return { ...(by !== "unit" && { by }), ...(since && { since }), ...(until && { until }) };
}

/** The last weeks until now; the usual ones need no dates. */
export function lastWeeks(weeks: number, now = new Date()): Pick<Asked, "since"> {
  if (weeks === USUAL_WEEKS) return {};
  return { since: toLocalInput(new Date(now.getTime() - weeks * 7 * DAY_MS)).slice(0, 10) };
}

/** 0.923 is 92.3%. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
