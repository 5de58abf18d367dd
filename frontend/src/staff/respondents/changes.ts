import { addAlias, addRespondent, correctRespondent, mergeRespondent, separateRespondent } from "@/api/respondents";
import type { Company, CompanyFacts, Respondent } from "@/api/respondents";

export type FieldName = "name" | "uscc" | "address" | "region" | "platform" | "parent" | "reason" | "into" | "alias";
export type Typed = Partial<Record<FieldName, string>>;
export type Change = "add" | "correct" | "alias" | "merge" | "separate";

const FACTS = ["name", "uscc", "address", "region", "platform", "parent"] as const;

/** What each change asks for. */
export const FIELDS: Record<Change, readonly FieldName[]> = {
  add: FACTS,
  correct: [...FACTS, "reason"],
  alias: ["alias"],
  merge: ["into", "reason"],
  separate: ["reason"],
};

/** The form as it opens. */
export function startOf(change: Change, company: Company | null): Typed {
  if (change === "merge") return { name: company?.name ?? "", reason: "" };
  if (change !== "correct" || !company) return {};
  const { name, uscc, address, platform } = company;
  return { name, uscc, address, platform, region: company.region?.code ?? "", parent: company.parent?.uscc ?? "" };
}

function factsOf(typed: Typed): CompanyFacts {
  const facts = Object.fromEntries(FACTS.map((name) => [name, typed[name]?.trim() ?? ""]));
  return { ...facts, name: facts.name ?? "" };
}

export function sendChange(change: Change, company: number, typed: Typed, into: number | null): Promise<Respondent> {
  const reason = typed.reason?.trim() ?? "";
  switch (change) {
    case "add":
      return addRespondent(factsOf(typed));
    case "correct":
      return correctRespondent(company, { ...factsOf(typed), reason });
    case "alias":
      return addAlias(company, typed.alias?.trim() ?? "");
    case "merge":
      return mergeRespondent(company, into ?? 0, reason);
    case "separate":
      return separateRespondent(company, reason);
  }
}
