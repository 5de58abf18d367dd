import { computed, onUnmounted, reactive, ref, shallowRef, watch } from "vue";
import type { Matter } from "@/api/insight";
import { getMatters, getSimilar, getWhy } from "@/api/insight";
import { useLatest } from "@/api/useLatest";
import type { Evidence } from "@/staff/reading/marks";

export const SECTIONS = ["why", "matters", "similar"] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * What the model makes of one case. Each section is fetched when it is opened; another case closes them all and drops
 * what is still on its way. `evidence` and `pointed` are for the text beside it.
 */
export function useInsight(number: () => string) {
  const open = ref<Record<Section, boolean>>({ why: false, matters: false, similar: false });
  const why = useLatest((signal, topic?: string) => getWhy(number(), topic, signal));
  const matters = useLatest((signal) => getMatters(number(), signal));
  const similar = useLatest((signal) => getSimilar(number(), signal));
  const pointed = shallowRef<Matter | null>(null);
  /** The topic last asked about; undefined: the case's own. */
  const topic = ref<string>();

  const evidence = computed<Evidence[]>(() => (open.value.why && why.data ? why.data.phrases.filter(({ part }) => part === "text") : []));

  function load(section: Section): void {
    if (section === "why") void why.ask(topic.value);
    else if (section === "matters") void matters.ask();
    else void similar.ask();
  }

  function toggle(section: Section): void {
    open.value[section] = !open.value[section];
    if (section === "matters") pointed.value = null;
    const part = { why, matters, similar }[section];
    if (open.value[section] && !part.loading && part.data === null) load(section);
  }

  function explain(code: string): void {
    topic.value = code;
    load("why");
  }

  function point(matter: Matter | null): void {
    pointed.value = matter;
  }

  function forget(): void {
    open.value = { why: false, matters: false, similar: false };
    topic.value = undefined;
    pointed.value = null;
    for (const part of [why, matters, similar]) part.forget();
  }

  watch(number, forget);
  onUnmounted(forget);
  return reactive({ open, why, matters, similar, pointed, evidence, toggle, load, explain, point });
}

export type Insight = ReturnType<typeof useInsight>;
