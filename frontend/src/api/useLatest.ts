import { reactive, shallowRef } from "vue";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";

/**
 * A request of which only the newest counts: a later one drops the one before; `forget` drops what is
 * on its way and what is there. A failed request leaves what was shown in place and says so in `problem`.
 */
export function useLatest<T, A extends unknown[]>(fetchIt: (signal: AbortSignal, ...asked: A) => Promise<T>) {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const loading = shallowRef(false);
  let running: AbortController | null = null;

  async function ask(...asked: A): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    loading.value = true;
    try {
      const found = await fetchIt(mine.signal, ...asked);
      if (mine.signal.aborted) return;
      data.value = found;
      problem.value = null;
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = asProblem(error);
    } finally {
      if (mine === running) loading.value = false;
    }
  }

  function forget(): void {
    running?.abort();
    running = null;
    data.value = null;
    problem.value = null;
    loading.value = false;
  }

  return reactive({ data, problem, loading, ask, forget });
}
