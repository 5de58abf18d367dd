import { onUnmounted, shallowRef, watch } from "vue";
import type { DraftWords, Hint, Question } from "@/api/calls";
import { askHint, askSimilar, listQuestions } from "@/api/calls";
import type { SimilarCase } from "@/api/insight";
import { asProblem } from "@/api/problem";
import { useLatest } from "@/api/useLatest";
import { live, useLive } from "@/live";

/** How long nobody types before the server is asked, in milliseconds. */
export const REST_MS = 250;
const SIMILAR_MS = 900;

/** What the server makes of the words while they are typed; only the newest answer counts. */
export function useHints(words: () => DraftWords & { phone: string; call: number | null }) {
  const hint = shallowRef<Hint | null>(null);
  const questions = shallowRef<readonly Question[]>([]);
  const known = new Map<string, Promise<Question[]>>();
  const byHttp = useLatest((signal, draft: DraftWords) => askHint(draft, signal));
  const similar = useLatest<SimilarCase[], [DraftWords & { phone: string; call: number | null }]>((signal, draft) => askSimilar(draft, signal));
  let asked = 0;
  let shown = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;

  function show(found: Hint): void {
    hint.value = found;
    if (found.topic) void ask(found.topic.code);
  }

  async function ask(topic: string): Promise<void> {
    const asking = known.get(topic) ?? listQuestions(topic);
    known.set(topic, asking);
    try {
      const found = await asking;
      if (hint.value?.topic?.code === topic) questions.value = found;
    } catch (error) {
      known.delete(topic);
      asProblem(error);
    }
  }

  useLive({
    hint: (id, found) => {
      if (id < shown) return;
      shown = id;
      show(found as Hint);
    },
  });
  watch(() => byHttp.data, (found) => found && show(found));

  function look(): void {
    const { text, region, place, answers } = words();
    asked += 1;
    if (!live.say({ type: "draft", id: asked, text, region, place, answers })) void byHttp.ask({ text, region, place, answers });
  }

  watch(() => JSON.stringify(words()), () => {
    clearTimeout(timer);
    clearTimeout(later);
    if (words().text.trim() === "") {
      forget();
      return;
    }
    timer = setTimeout(look, REST_MS);
    later = setTimeout(() => void similar.ask(words()), SIMILAR_MS);
  }, { immediate: true });

  function forget(): void {
    clearTimeout(timer);
    clearTimeout(later);
    shown = asked + 1; // answers on their way belong to the words before
    asked = shown;
    hint.value = null;
    questions.value = [];
    byHttp.forget();
    similar.forget();
  }
  onUnmounted(forget);

  return { hint, questions, similar, forget };
}
