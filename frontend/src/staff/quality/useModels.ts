import { onMounted, onUnmounted, shallowRef } from "vue";
import type { Run, Versions } from "@/api/models";
import { getVersions, listRuns } from "@/api/models";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import { inTurn } from "@/live/inTurn";

/** How often a run over history is looked at while it goes on, in milliseconds. */
export const LOOK_MS = 5_000;

/** The models and the runs over history, with the progress of those that go on. */
export function useModels() {
  const versions = shallowRef<Versions | null>(null);
  const runs = shallowRef<Run[] | null>(null);
  const problem = shallowRef<Problem | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  async function attempt(fetchThem: () => Promise<unknown>): Promise<void> {
    try {
      await fetchThem();
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
    clearTimeout(timer);
    if (!gone && runs.value?.some(({ state }) => state === "running")) timer = setTimeout(() => void look(), LOOK_MS);
  }

  const refresh = inTurn(() =>
    attempt(() =>
      Promise.all([
        getVersions().then((found) => (versions.value = found)),
        listRuns().then((found) => (runs.value = found)),
      ]),
    ),
  );
  const look = inTurn(() =>
    attempt(async () => {
      if (document.visibilityState !== "hidden") runs.value = await listRuns();
    }),
  );

  onMounted(() => void refresh());
  onUnmounted(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { versions, runs, problem, refresh };
}
