import type { LocationQuery } from "vue-router";
import type { QueueFilter } from "@/api/cases";

/** The filters that stand in the address, so that a view can be kept as a bookmark and sent to a colleague. */
export const FILTERS = ["state", "urgency", "domain", "topic", "q"] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

export function filtersOf(query: LocationQuery): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = query[name];
    if (typeof value === "string" && value.trim() !== "") filters[name] = value.trim();
  }
  return filters;
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
