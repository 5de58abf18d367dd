import type { Condition, Rule, RuleBody, RuleField, Template, Vocabulary } from "@/api/rules";

/** A rule as the form holds it; days as 2026-11-22, "" for none. */
export type Written = Required<Omit<RuleBody, "valid_from" | "valid_to">> & { valid_from: string; valid_to: string };

export function blankRule(topic: string, template?: Template): Written {
  return {
    topic, region: "", priority: template?.priority ?? 10, lead: "", level: "C", supervisor: "", enforcer: "", participants: [],
    conditions: template?.conditions.map((condition) => ({ ...condition, values: [...condition.values] })) ?? [],
    list_entry: "", basis: "", source: "", valid_from: "", valid_to: "",
  };
}

/** What stands in a rule; of a copy, the days that lie behind are left away. */
export function writtenOf(rule: Rule): Written {
  return {
    topic: rule.topic, region: rule.region, priority: rule.priority, lead: rule.lead, level: rule.level, supervisor: rule.supervisor,
    enforcer: rule.enforcer, participants: rule.participants.map(({ id }) => id),
    conditions: rule.conditions.map(({ field, op, values }) => ({ field, op, values: [...values] })),
    list_entry: rule.list_entry, basis: rule.basis, source: rule.source, valid_from: rule.valid_from ?? "", valid_to: rule.valid_to ?? "",
  };
}

export function copyOf(rule: Rule): Written {
  return { ...writtenOf(rule), valid_from: "", valid_to: "" };
}

export function bodyOf(written: Written): RuleBody {
  return { ...written, valid_from: written.valid_from || null, valid_to: written.valid_to || null };
}

export function fieldOf(words: Vocabulary, name: string): RuleField | undefined {
  return words.fields.find(({ field }) => field === name);
}

/** Another field: its first comparison, and no values. */
export function withField(words: Vocabulary, field: string): Condition {
  return { field, op: fieldOf(words, field)?.ops[0]?.code ?? "", values: [] };
}

/** Another comparison: values stay where they can. */
export function withOp(condition: Condition, op: string): Condition {
  const same = (condition.op === "prefix") === (op === "prefix");
  const values = same ? condition.values : [];
  return { ...condition, op, values: op === "is" || op === "at_least" ? values.slice(0, 1) : values };
}

/** Whether several values may be chosen. */
export function takesSeveral(op: string): boolean {
  return op === "in" || op === "not_in";
}
