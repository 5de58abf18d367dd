import { computed, onActivated, onDeactivated, onMounted, onUnmounted, ref, watch } from "vue";
import type { Colleague } from "./connection";
import { live } from "./index";

/**
 * Says which case is on screen and which of its forms is open, and hears who else is there. Nobody is stopped by it.
 * Said anew after each reconnect; without a line nobody is shown.
 *
 * @param number of the case, "" for none.
 * @param verb of the form that the user has open, "" while they only look.
 */
export function usePresence(number: () => string, verb: () => string) {
  const people = ref<readonly Colleague[]>([]);
  const there = ref(false);
  let said = "";

  const now = computed(() => (there.value ? number() : ""));

  function tell(): void {
    if (now.value === "") return;
    live.say(verb() === "" ? { type: "look", number: now.value } : { type: "typing", number: now.value, verb: verb() });
    said = now.value;
  }

  function leave(): void {
    if (said !== "") live.say({ type: "leave", number: said });
    said = "";
    people.value = [];
  }

  watch([now, verb], ([wanted]) => {
    if (wanted !== said) leave();
    tell();
  });

  let end: (() => void) | undefined;
  onMounted(() => {
    end = live.listen({
      state: (state) => {
        if (state === "live") tell();
        else if (state === "offline") people.value = [];
      },
      presence: (of, others) => {
        if (of === now.value) people.value = others;
      },
    });
    there.value = true;
  });
  onActivated(() => (there.value = true));
  onDeactivated(() => (there.value = false));
  onUnmounted(() => {
    leave();
    end?.();
  });

  return people;
}
