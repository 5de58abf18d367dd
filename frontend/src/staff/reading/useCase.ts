import { ref, shallowRef } from "vue";
import { getCase, getSteps } from "@/api/cases";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { CaseDetail, CaseStep } from "@/api/types";
import { useLive } from "@/live";
import { inTurn } from "@/live/inTurn";

/** One case kept current. A failed refetch leaves what was shown in place and says so in `problem`. */
export function useCase() {
  const number = ref("");
  const detail = shallowRef<CaseDetail | null>(null);
  const steps = shallowRef<CaseStep[]>([]);
  const problem = shallowRef<Problem | null>(null);

  const refetch = inTurn(async () => {
    const asked = number.value;
    if (asked === "") return;
    try {
      const [fresh, timeline] = await Promise.all([getCase(asked), getSteps(asked)]);
      if (asked !== number.value) return;
      if (fresh.version < (detail.value?.version ?? 0)) return; // read before an action whose answer is shown already
      detail.value = fresh;
      steps.value = timeline;
      problem.value = null;
    } catch (error) {
      const found = asProblem(error);
      if (asked === number.value) problem.value = found;
    }
  });

  async function show(wanted: string): Promise<void> {
    if (wanted === number.value) return;
    number.value = wanted;
    detail.value = null;
    steps.value = [];
    problem.value = null;
    await refetch();
  }

  /** The answer of an action is the case as it is now. */
  function take(fresh: CaseDetail): void {
    if (fresh.number !== number.value) return;
    detail.value = fresh;
    void refetch();
  }

  useLive({
    event: (event) => {
      if (event.number === number.value && event.version > (detail.value?.version ?? 0)) void refetch();
    },
    refresh: () => void refetch(),
  });

  return { detail, steps, problem, show, take, refetch };
}
