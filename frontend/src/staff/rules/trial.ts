import type { Condition, Trial } from "@/api/rules";

interface Facts {
  topic: string;
  region: string;
  urgency: NonNullable<Trial["urgency"]>;
  facts: readonly Condition[];
}

const PLAIN = ["channel", "intent", "respondent_region"];

/** What is asked of the server: a fact goes where its field belongs; one without a value is left out. */
export function trialOf({ topic, region, urgency, facts }: Facts): Trial {
  const asked: Trial & { sub_fields: Record<string, string>; flags: string[]; numbers: Record<string, number> } = { topic, region, urgency, sub_fields: {}, flags: [], numbers: {} };
  for (const { field, values: [value] } of facts) {
    if (!field || !value) continue;
    if (PLAIN.includes(field)) Object.assign(asked, { [field]: value });
    else if (field === "flag") asked.flags.push(value);
    else if (/^\d+(\.\d+)?$/.test(value)) asked.numbers[field] = Number(value);
    else asked.sub_fields[field] = value;
  }
  return asked;
}
