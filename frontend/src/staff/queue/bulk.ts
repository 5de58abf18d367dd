import type { BulkDone, BulkVerb } from "@/api/workbench";
import { bulk } from "@/api/workbench";
import type { CaseRow } from "@/api/types";

/** What each role looks for here; whether somebody may is decided by the server, case by case. */
const OFFERED: Record<string, readonly BulkVerb[]> = {
  officer: ["sign"],
  dispatcher: ["dispatch"],
  supervisor: ["dispatch", "archive"],
};
const FROM: Record<BulkVerb, ReadonlySet<string>> = {
  sign: new Set(["dispatched"]),
  dispatch: new Set(["needs_triage"]),
  archive: new Set(["closed", "rejected", "handed_over", "withdrawn"]),
};
/** Cases of one request: small enough that the progress moves. */
const AT_ONCE = 10;

export interface Offer {
  verb: BulkVerb;
  rows: readonly CaseRow[];
}

/** The verbs that fit some of the chosen rows, each with those that it fits. */
export function offersFor(role: string, rows: readonly CaseRow[]): Offer[] {
  return (OFFERED[role] ?? [])
    .map((verb) => ({ verb, rows: rows.filter(({ state }) => FROM[verb].has(state)) }))
    .filter((offer) => offer.rows.length > 0);
}

/** Does the verb on all rows, a few at a time; `told` hears of each part that is through. Throws when the line breaks. */
export async function runBulk({ verb, rows }: Offer, reason: string, told: (part: readonly BulkDone[]) => void): Promise<void> {
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const part = rows.slice(at, at + AT_ONCE);
    told(await bulk(verb, Object.fromEntries(part.map(({ number, version }) => [number, version])), reason));
  }
}
