import type { Ref } from "vue";
import { nextTick, shallowRef, watch } from "vue";
import { asProblem } from "@/api/problem";
import { suggestUnits } from "@/api/reference";
import type { Suggestion } from "@/api/types";
import type { DispatchDraft } from "./draft";

/**
 * What the routing rules say for the chosen topic. It fills in the units as long as nobody has chosen others; after
 * that it only stands beside, to be taken over with `apply`.
 */
export function useSuggestion(draft: Ref<Pick<DispatchDraft, "topic" | "lead" | "participants">>, region: () => string) {
  const suggestion = shallowRef<Suggestion | null>(null);
  let filled: number | null = null;
  let turn = 0;
  let asking: Promise<void> = Promise.resolve();

  function apply(): void {
    if (!suggestion.value?.lead) return;
    draft.value.lead = suggestion.value.lead;
    draft.value.participants = [...suggestion.value.participants];
    filled = suggestion.value.lead.id;
  }

  async function ask(topic: string, place: string): Promise<void> {
    const mine = ++turn;
    suggestion.value = null;
    if (topic === "" || place === "") return;
    try {
      const found = await suggestUnits(topic, place);
      if (mine !== turn) return;
      suggestion.value = found;
      if (draft.value.lead === null || draft.value.lead.id === filled) apply();
    } catch (error) {
      asProblem(error); // without it the units are searched by hand
    }
  }

  watch([() => draft.value.topic, region] as const, ([topic, place]) => void (asking = ask(topic, place)), { immediate: true });

  /** When the rules have answered for the topic chosen last. */
  async function settled(): Promise<void> {
    await nextTick();
    await asking;
  }
  return { suggestion, apply, settled };
}
