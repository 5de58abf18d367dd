import { computed, onMounted, shallowRef, watch } from "vue";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { RuleSet, Vocabulary } from "@/api/rules";
import { listRuleSets, readChanges, readRuleSet, readVocabulary } from "@/api/rules";
import { useLatest } from "@/api/useLatest";

/** The rule sets, the one that is looked at (by default the newest draft, else the one in force), and what it changes. */
export function useRules(wanted: () => number | null) {
  const sets = shallowRef<RuleSet[] | null>(null);
  const words = shallowRef<Vocabulary | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const detail = useLatest((signal, number: number) => readRuleSet(number, signal));
  const changes = useLatest((signal, number: number) => readChanges(number, signal));
  const force = computed(() => sets.value?.find(({ in_force }) => in_force) ?? null);
  const number = computed(() => wanted() ?? force.value?.number ?? null);

  async function refresh(): Promise<void> {
    try {
      const [found, vocabulary] = await Promise.all([listRuleSets(), words.value ?? readVocabulary()]);
      sets.value = found;
      words.value = vocabulary;
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
    await reload();
  }

  async function reload(): Promise<void> {
    if (number.value === null) return;
    await Promise.all([detail.ask(number.value), changes.ask(number.value)]);
  }

  watch(number, (now, before) => {
    if (before === null || now === before) return; // the first is asked by refresh
    detail.forget();
    changes.forget();
    void reload();
  });
  onMounted(() => void refresh());
  return { sets, words, problem, detail, changes, force, number, refresh };
}
