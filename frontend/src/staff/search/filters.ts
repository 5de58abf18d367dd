import type { LocationQuery } from "vue-router";
import type { SearchFilter } from "@/api/search";

export const STATES = [
  "registered", "needs_triage", "waiting_citizen", "adjudication", "dispatched", "signed", "in_progress", "suspended", "replied",
  "closed", "rejected", "handed_over", "withdrawn", "merged", "archived",
] as const;
export const CHOICES = {
  domain: ["product", "engineering", "service", "environment"],
  urgency: ["U1", "U2", "U3", "U4"],
  channel: ["web", "phone", "12345", "12315", "12365", "12369", "12312", "import", "api"],
  due: ["overdue", "today", "three_days", "week"],
} as const;
const NAMES = ["q", "order", "state", "domain", "topic", "urgency", "channel", "due", "since", "until"] as const;

/** What is looked for, as it stands in the address. */
export type Asked = Partial<Record<(typeof NAMES)[number], string>>;

export function askedOf(query: LocationQuery): Asked {
  const asked: Asked = {};
  for (const name of NAMES) {
    const value = query[name];
    if (typeof value === "string" && value.trim() !== "") asked[name] = value.trim();
  }
  return asked;
}

/** The address with one thing changed; a topic belongs to its domain and goes with it. */
export function withOne(asked: Asked, name: keyof Asked, value: string): Asked {
  const changed = { ...asked, [name]: value };
  if (name === "domain") changed.topic = "";
  return askedOf(changed);
}

export function asFilter(asked: Asked): SearchFilter {
  return { q: "", ...asked } as SearchFilter;
}
