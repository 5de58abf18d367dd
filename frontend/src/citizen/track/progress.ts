import type { CaseDetail, CaseStep, Rating, State } from "@/api/types";

/** The stages a citizen is shown; several states of the offices may be one stage. */
export const STAGES = ["filed", "dispatched", "signed", "working", "replied", "closed"] as const;
export type Stage = (typeof STAGES)[number];

/** null: it went no further on this path. */
const stageOf: Record<State, Stage | null> = {
  registered: "filed",
  needs_triage: "filed",
  adjudication: "filed",
  dispatched: "dispatched",
  signed: "signed",
  in_progress: "working",
  waiting_citizen: "working",
  suspended: "working",
  replied: "replied",
  closed: "closed",
  archived: "closed",
  rejected: null,
  handed_over: null,
  merged: null,
  withdrawn: null,
};

/** Where in STAGES the case stands, or null where the stages say nothing. */
export function stageIndex(state: State): number | null {
  const stage = stageOf[state];
  return stage && STAGES.indexOf(stage);
}

const withUnit = ["route", "dispatch", "sign", "start", "reply", "accept", "ask_supplement", "adjudicate"] as const;
const plain = [
  "register", "hold", "close", "withdraw", "supplement", "attach", "refuse", "go_on", "grant_extension", "suspend", "resume",
  "begin_appraisal", "end_appraisal", "hand_over", "publish_reply", "rate", "reopen", "level_up", "merge", "unmerge", "split",
  "begin_mediation", "mediation_session", "ask_recusal", "decide_recusal", "mediation_agreed", "end_mediation", "tell_parties",
  "begin_verification", "tell_reporter", "tell_result", "close_report", "approve_reward", "pay_reward", "separate_report",
] as const;

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

/** The last step of a kind: the request that stands, the refusal, the hand-over. */
export function lastOf(steps: readonly CaseStep[], kind: string): CaseStep | undefined {
  return steps.filter((step) => step.kind === kind).at(-1);
}

/** What the citizen has said about the latest answer; each answer is rated once. */
export function ratingOfLatest({ replies, satisfaction }: Pick<CaseDetail, "replies" | "satisfaction">): Rating | undefined {
  const replied = Math.max(0, ...replies.map(({ at }) => Date.parse(at)));
  return satisfaction.find(({ at, by_phone }) => !by_phone && Date.parse(at) > replied);
}
