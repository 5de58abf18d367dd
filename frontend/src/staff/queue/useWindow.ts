import type { Ref } from "vue";
import { computed, onMounted, onUnmounted, ref, watch } from "vue";

/** Rows that stand in the document at most; a queue can be read on for thousands. */
export const MOST = 200;
const STEP = 20;
/** Height of a row before one was measured, in pixels. */
const FIRST_GUESS = 64;

export interface Shown {
  from: number;
  to: number;
}

/**
 * Which of `count` rows to draw: all of a short list; of a long one MOST around what is looked at.
 *
 * @param scrolled pixels of the list above the upper edge of the window; negative while it begins below it.
 */
export function windowOf(count: number, scrolled: number, height: number, seen: number): Shown {
  if (count <= MOST) return { from: 0, to: count };
  const middle = (Math.max(0, scrolled) + seen / 2) / height;
  const from = Math.floor((middle - MOST / 2) / STEP) * STEP;
  const first = Math.min(Math.max(0, from), count - MOST);
  return { from: first, to: first + MOST };
}

/** Keeps a long table light: the part to draw, and the heights that stand for the rest above and below. */
export function useWindow(table: Ref<HTMLElement | null>, count: () => number) {
  const scrolled = ref(0);
  const height = ref(FIRST_GUESS);
  let asked = 0;

  const shown = computed(() => windowOf(count(), scrolled.value, height.value, window.innerHeight));
  const above = computed(() => shown.value.from * height.value);
  const below = computed(() => (count() - shown.value.to) * height.value);

  function measure(): void {
    asked = 0;
    const list = table.value;
    if (!list || count() <= MOST) return;
    const drawn = list.offsetHeight - above.value - below.value;
    if (drawn > 0) height.value = drawn / (shown.value.to - shown.value.from);
    scrolled.value = -list.getBoundingClientRect().top;
  }
  function soon(): void {
    if (asked === 0) asked = requestAnimationFrame(measure);
  }

  onMounted(() => window.addEventListener("scroll", soon, { passive: true }));
  onUnmounted(() => {
    window.removeEventListener("scroll", soon);
    cancelAnimationFrame(asked);
  });
  watch(count, soon);

  return { shown, above, below };
}
