import type { CaseStep, State } from "@/api/types";

/** The stages a citizen is shown; several states of the offices may be one stage. */
export const STAGES = ["filed", "dispatched", "signed", "working", "replied", "closed"] as const;
export type Stage = (typeof STAGES)[number];

const stageOf: Record<State, Stage> = {
  registered: "filed",
  needs_triage: "filed",
  dispatched: "dispatched",
  signed: "signed",
  in_progress: "working",
  replied: "replied",
  closed: "closed",
  withdrawn: "filed",
};

export function stageIndex(state: State): number {
  return STAGES.indexOf(stageOf[state]);
}

const withUnit = ["route", "dispatch", "sign", "start", "reply"] as const;
const plain = ["register", "hold", "close", "withdraw", "supplement", "attach"] as const;

/** How a step of the timeline is said: a text of citizen.track.step and its unit, or the server's own name for it. */
export type Sentence =
  | { text: (typeof plain)[number] | (typeof withUnit)[number] | `${(typeof withUnit)[number]}Plain`; unit: string }
  | { name: string };

export function sentenceOf({ kind, kind_name, unit }: Pick<CaseStep, "kind" | "kind_name" | "unit">): Sentence {
  const byUnit = withUnit.find((known) => known === kind);
  if (byUnit) return unit ? { text: byUnit, unit } : { text: `${byUnit}Plain`, unit };
  const simple = plain.find((known) => known === kind);
  return simple ? { text: simple, unit } : { name: kind_name };
}
