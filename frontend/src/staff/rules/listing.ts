import type { Rule } from "@/api/rules";

export type Only = "all" | "broken" | "changed" | "ended";

export interface Sought {
  topic: string;
  words: string;
  only: Only;
}

export interface TopicRules {
  topic: string;
  name: string;
  /** Those that are shown, and all of the topic in the order in which they are tried. */
  rules: Rule[];
  all: Rule[];
}

export const ended = (rule: Rule, today: string): boolean => rule.valid_to !== null && rule.valid_to < today;

/** The topics with the rules that are sought. Every word must stand somewhere in a rule; changed: codes. */
export function listed(rules: readonly Rule[], sought: Sought, changed: ReadonlySet<string>, today: string): TopicRules[] {
  const words = sought.words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (rule: Rule): boolean => {
    const text = `${rule.code} ${rule.topic} ${rule.sentence} ${rule.basis} ${rule.list_entry} ${rule.error}`.toLowerCase();
    const chosen = { all: true, broken: rule.error !== "", changed: changed.has(rule.code), ended: ended(rule, today) }[sought.only];
    return chosen && words.every((word) => text.includes(word));
  };
  const topics = new Map<string, TopicRules>();
  for (const rule of rules) {
    if (sought.topic && rule.topic !== sought.topic) continue;
    const found = topics.get(rule.topic) ?? { topic: rule.topic, name: rule.topic_name, rules: [], all: [] };
    found.all.push(rule);
    if (fits(rule)) found.rules.push(rule);
    topics.set(rule.topic, found);
  }
  return [...topics.values()].filter((topic) => topic.rules.length > 0);
}

/** The ids with one rule a step up (-1) or down (1); null where there is no place to go. */
export function stepped(all: readonly Rule[], id: number, step: -1 | 1): number[] | null {
  const ids = all.map((rule) => rule.id);
  const from = ids.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= ids.length) return null;
  ids.splice(from, 1);
  ids.splice(to, 0, id);
  return ids;
}
