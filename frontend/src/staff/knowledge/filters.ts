import type { LocationQuery } from "vue-router";
import type { ArticleFilter, ArticleState } from "@/api/knowledge";
import { STATES } from "@/api/knowledge";

const NAMES = ["q", "topic", "region", "state"] as const;
/** What is looked for, as it stands in the address. */
export type Asked = Partial<Record<(typeof NAMES)[number], string>>;

export function askedOf(query: LocationQuery | Asked): Asked {
  const asked: Asked = {};
  for (const name of NAMES) {
    const value = query[name];
    if (typeof value === "string" && value.trim() !== "") asked[name] = value.trim();
  }
  return asked;
}

export function asFilter({ state, ...asked }: Asked): ArticleFilter {
  return STATES.includes(state as ArticleState) ? { ...asked, state: state as ArticleState } : asked;
}
