import type { CaseDetail } from "@/api/types";
import type { DispatchDraft } from "@/staff/dispatch/draft";
import { draftOf } from "@/staff/dispatch/draft";

const drafts = new Map<string, DispatchDraft>();

/** The dispatch begun for a case: going to another case and back loses nothing. */
export function draftFor(detail: CaseDetail): DispatchDraft {
  const begun = drafts.get(detail.number);
  if (begun) return begun;
  const draft = draftOf(detail);
  drafts.set(detail.number, draft);
  return draft;
}

export function forgetDraft(number: string): void {
  drafts.delete(number);
}
