import type { Dispatch } from "@/api/cases";
import type { CaseDetail, UnitRef } from "@/api/types";

/** A dispatch being written: units with their names, so that a chosen one stays readable. */
export interface DispatchDraft {
  topic: string;
  urgency: Dispatch["urgency"];
  lead: UnitRef | null;
  participants: UnitRef[];
  reason: string;
}

/** What is known of the case already. A topic of which the model was not sure is for a person to pick. */
export function draftOf(detail: CaseDetail): DispatchDraft {
  return {
    topic: detail.prediction?.needs_review && detail.state === "needs_triage" ? "" : (detail.topic?.code ?? ""),
    urgency: detail.urgency,
    lead: detail.lead,
    participants: [...detail.participants],
    reason: "",
  };
}

export interface DraftFindings {
  topic?: true;
  lead?: true;
  reason?: true;
}

export function checkDraft(draft: DispatchDraft): DraftFindings {
  return {
    ...(draft.topic === "" ? { topic: true as const } : {}),
    ...(draft.lead === null ? { lead: true as const } : {}),
    ...(draft.reason.trim() === "" ? { reason: true as const } : {}),
  };
}

/** What is sent; a lead unit is never its own participant. */
export function dispatchOf(draft: DispatchDraft): Dispatch {
  if (draft.lead === null) throw new Error("a dispatch needs a lead unit");
  const lead = draft.lead.id;
  return {
    lead,
    participants: draft.participants.map(({ id }) => id).filter((id) => id !== lead),
    topic: draft.topic,
    urgency: draft.urgency,
    reason: draft.reason.trim(),
  };
}
