import type { UnitRef } from "@/api/types";

/** One matter that is to become a case of its own. */
export interface Matter {
  text: string;
  topic: string;
  lead: UnitRef | null;
}
export interface MatterDraft extends Matter {
  participants: UnitRef[];
}
export interface SplitDraft {
  matters: MatterDraft[];
  reason: string;
}

/** As many as the server takes. */
export const MOST_MATTERS = 10;

export function emptyMatter(): MatterDraft {
  return { text: "", topic: "", lead: null, participants: [] };
}

export function startOfSplit(matters: readonly Matter[] = []): SplitDraft {
  return { matters: matters.length ? matters.map((matter) => ({ ...matter, participants: [] })) : [emptyMatter()], reason: "" };
}

/** Fields that are missing, named as the server names them: matters.0.topic, reason. */
export function missingIn({ matters, reason }: SplitDraft): string[] {
  return [
    ...matters.flatMap(({ text, topic, lead }, n) => [
      ...(text.trim() === "" ? [`matters.${n}.text`] : []),
      ...(topic === "" ? [`matters.${n}.topic`] : []),
      ...(lead === null ? [`matters.${n}.lead`] : []),
    ]),
    ...(reason.trim() === "" ? ["reason"] : []),
  ];
}

export function splitBody({ matters, reason }: SplitDraft): { matters: object[]; reason: string } {
  return {
    reason: reason.trim(),
    matters: matters.map(({ text, topic, lead, participants }) => ({
      text: text.trim(), topic, lead: lead?.id, participants: participants.map(({ id }) => id).filter((id) => id !== lead?.id),
    })),
  };
}
