import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { ReportAsked, ReportKind } from "@/api/wall";

export const KINDS = ["daily", "weekly", "monthly"] as const satisfies readonly ReportKind[];
const DAY_MS = 86_400_000;

/** Which report; it stands in the address. Without a day the last period that is over. */
export function askedOf(query: LocationQuery): ReportAsked {
  const asked: ReportAsked = { kind: KINDS.find((kind) => kind === query.kind) ?? "daily" };
  if (typeof query.day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(query.day) && !Number.isNaN(Date.parse(query.day))) asked.day = query.day;
  if (typeof query.region === "string" && /^\d{6}$/.test(query.region)) asked.region = query.region;
  return asked;
}

export function addressOf({ kind, day, region }: ReportAsked): LocationQueryRaw {
  return { ...(kind !== "daily" && { kind }), ...(day && { day }), ...(region && { region }) };
}

/** A day in the period before the one that begins on `since`, or after the one that ends on `until`. */
export function dayBeside(span: { since: string; until: string }, way: "before" | "after"): string {
  const edge = Date.parse(way === "before" ? span.since : span.until);
  return new Date(edge + (way === "before" ? -DAY_MS : DAY_MS)).toISOString().slice(0, 10);
}
