import type { ModelVersion, RunMove } from "@/api/models";

export type Step = "shadow" | "stop_shadow" | "activate" | "rollback";

/** The steps that fit the state of a model; the server decides whether they are taken. */
export function stepsFor({ state, rollback_to }: Pick<ModelVersion, "state" | "rollback_to">): Step[] {
  switch (state) {
    case "active":
      return rollback_to ? ["rollback"] : [];
    case "challenger":
      return ["activate", "stop_shadow"];
    case "candidate":
    case "retired":
      return ["activate", "shadow"];
  }
}

/** What can be done with a run over history in its state. */
export function movesFor(state: string): RunMove[] {
  if (state === "running") return ["pause", "cancel"];
  return state === "paused" || state === "failed" ? ["resume", "cancel"] : [];
}

const KINDS = ["register", "measure", "shadow", "stop_shadow", "activate", "rollback", "reclassify", "pause", "resume", "cancel"] as const;

/** The name under which a kind of event has its text. */
export function knownKind(kind: string): (typeof KINDS)[number] | "other" {
  return KINDS.find((known) => known === kind) ?? "other";
}
