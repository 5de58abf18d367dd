import { ref, shallowRef } from "vue";
import { listCases } from "@/api/cases";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { CaseRow } from "@/api/types";
import { useLive } from "@/live";
import { inTurn } from "@/live/inTurn";
import { inOrder } from "./order";

const PAGE = 200;
const MOST = 1_000;
const GAP = 300;

/** Everything that waits for a dispatcher, most urgent first, kept current. */
export function useTriageList() {
  const rows = shallowRef<CaseRow[]>([]);
  const problem = shallowRef<Problem | null>(null);
  const loaded = ref(false);
  const overflow = ref(false);

  const refetch = inTurn(async () => {
    try {
      let page = await listCases({ queue: "triage" }, undefined, PAGE);
      const found = [...page.results];
      while (page.next !== null && found.length < MOST) {
        page = await listCases({ queue: "triage" }, page.next, PAGE);
        found.push(...page.results);
      }
      rows.value = inOrder(found);
      overflow.value = page.next !== null;
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      loaded.value = true;
    }
  }, GAP);

  useLive({ event: () => void refetch(), refresh: () => void refetch() });
  void refetch();
  return { rows, problem, loaded, overflow, refetch };
}
