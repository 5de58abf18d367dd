import type { LocationQuery } from "vue-router";
import type { QueueFilter } from "@/api/cases";

/** The filters that stand in the address, so that a view can be kept as a bookmark and sent to a colleague. */
export const FILTERS = [
  "state", "urgency", "domain", "topic", "q", "rate", "company", "order", "due_on",
  "since", "until", "region", "channel", "due", "unit", "at", "lead", "intent", "deadline", "happened", "repeated", "supervised", "hour",
] as const;
/** Filters without a field of their own: whoever comes from a figure is told that this is a part of the list. */
const OF_FIGURES = ["rate", "region", "unit", "at", "lead", "intent", "deadline", "happened", "repeated", "supervised", "hour"] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

export function filtersOf(query: LocationQuery): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = query[name];
    if (typeof value === "string" && value.trim() !== "") filters[name] = value.trim();
  }
  return filters;
}

export function isOfFigure(filters: Filters): boolean {
  return OF_FIGURES.some((name) => filters[name] !== undefined);
}

/** The address with one filter changed; a topic belongs to its domain and goes with it. */
export function withFilter(filters: Filters, name: keyof Filters, value: string): Filters {
  const changed = { ...filters, [name]: value };
  if (name === "domain") changed.topic = "";
  return filtersOf(changed);
}

export function asQueueFilter(queue: "mine" | "all", filters: Filters): QueueFilter {
  return { queue, ...filters };
}

/** What a view keeps: not the cases behind a figure, of a day or a respondent, which are looked at once. */
const KEPT = ["state", "urgency", "domain", "topic", "channel", "intent", "region", "unit", "due", "since", "until", "order", "q"] as const;

/** The filters as a view keeps them; equal filters give equal words. "" when there is nothing that it could keep. */
export function queryOf(filters: Filters): string {
  const asked = Object.entries(filters);
  if (asked.some(([name]) => !KEPT.some((known) => known === name))) return "";
  return new URLSearchParams(asked.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
}

/** The filters of a kept view. */
export function filtersOfView(query: string): Filters {
  return filtersOf(Object.fromEntries(new URLSearchParams(query)));
}
