import { onUnmounted, ref, shallowRef, watch } from "vue";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { Simulation } from "@/api/rules";
import { latestSimulation, readSimulation, startSimulation } from "@/api/rules";

/** How often a simulation is looked at while it goes on, in milliseconds. */
export const LOOK_MS = 1_000;

const goesOn = (simulation: Simulation | null): boolean => simulation?.state === "waiting" || simulation?.state === "running";

/** One's own latest simulation of a set, with its progress while it goes on. */
export function useSimulation(number: () => number) {
  const simulation = shallowRef<Simulation | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const starting = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function take(fetchIt: () => Promise<Simulation | null>): Promise<void> {
    const mine = ++turn;
    clearTimeout(timer);
    try {
      const found = await fetchIt();
      if (mine !== turn) return;
      simulation.value = found;
      problem.value = null;
    } catch (error) {
      if (mine !== turn) return;
      problem.value = asProblem(error);
    }
    const running = simulation.value;
    if (running && goesOn(running)) timer = setTimeout(() => void take(() => readSimulation(running.id)), LOOK_MS);
  }

  async function start(cases: number): Promise<void> {
    if (starting.value) return;
    starting.value = true;
    await take(() => startSimulation(number(), cases));
    starting.value = false;
  }

  watch(number, (now) => {
    simulation.value = null;
    void take(() => latestSimulation(now));
  }, { immediate: true });
  onUnmounted(() => {
    turn += 1;
    clearTimeout(timer);
  });
  return { simulation, problem, starting, start, goesOn: () => goesOn(simulation.value) };
}
