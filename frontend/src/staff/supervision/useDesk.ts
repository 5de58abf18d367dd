import { ref, shallowRef } from "vue";
import { asProblem } from "@/api/problem";
import type { Problem } from "@/api/problem";

/** A list that goes on by cursor: `show` begins anew, a later one drops the one before; `more` adds the next page. */
export function useDesk<T, P extends { results: T[]; next: string | null }>(fetchPage: (cursor?: string) => Promise<P>) {
  const rows = shallowRef<T[]>([]);
  const page = shallowRef<P | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const loading = ref(false);
  let turn = 0;

  async function load(cursor?: string): Promise<void> {
    const mine = ++turn;
    loading.value = true;
    try {
      const found = await fetchPage(cursor);
      if (mine !== turn) return;
      rows.value = cursor === undefined ? found.results : [...rows.value, ...found.results];
      page.value = found;
      problem.value = null;
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  return {
    rows, page, problem, loading,
    show: () => load(),
    more: () => (page.value?.next ? load(page.value.next) : Promise.resolve()),
  };
}
