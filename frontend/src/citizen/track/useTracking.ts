import { onUnmounted, ref, shallowRef } from "vue";
import { getCase, getSteps } from "@/api/cases";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { CaseDetail, CaseStep } from "@/api/types";
import type { CaseKey } from "@/citizen/receipt";
import { forgetCase, rememberCase } from "@/citizen/receipt";
import { live, useLive } from "@/live";
import { inTurn } from "@/live/inTurn";

/** One case as its citizen sees it, kept current by the live connection. */
export function useTracking() {
  const key = shallowRef<CaseKey | null>(null);
  const detail = shallowRef<CaseDetail | null>(null);
  const steps = shallowRef<CaseStep[]>([]);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);

  const refetch = inTurn(async () => {
    const asked = key.value;
    if (!asked) return;
    try {
      const [fresh, timeline] = await Promise.all([getCase(asked.number, asked.code), getSteps(asked.number, asked.code)]);
      if (asked !== key.value) return;
      detail.value = fresh;
      steps.value = timeline;
      problem.value = null;
    } catch (error) {
      if (asked === key.value) problem.value = asProblem(error);
      else asProblem(error);
    }
  });

  /** Opens the case; on failure `problem` says why and nothing is followed. */
  async function open(wanted: CaseKey): Promise<boolean> {
    loading.value = true;
    problem.value = null;
    key.value = { number: wanted.number.trim(), code: wanted.code.trim() };
    await refetch();
    loading.value = false;
    const found = detail.value;
    if (!found) {
      key.value = null;
      return false;
    }
    // the number as the server writes it, whatever was typed
    key.value = { number: found.number, code: key.value.code };
    rememberCase(key.value);
    live.start();
    live.watch(found.number, key.value.code);
    return true;
  }

  function leave(): void {
    if (key.value) live.unwatch(key.value.number);
    live.stop();
    key.value = null;
    detail.value = null;
    steps.value = [];
    problem.value = null;
    forgetCase();
  }

  useLive({
    event: ({ number }) => {
      if (number === key.value?.number) void refetch();
    },
    refresh: () => void refetch(),
  });
  onUnmounted(() => live.stop());

  return { key, detail, steps, loading, problem, open, leave, refetch };
}
