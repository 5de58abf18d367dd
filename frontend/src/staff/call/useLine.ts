import { computed, onMounted, onUnmounted, ref, shallowRef } from "vue";
import type { CallerCard, CallMove, LineCall } from "@/api/calls";
import { currentCall, missedCalls, moveCall } from "@/api/calls";
import { asProblem } from "@/api/problem";
import { inTurn } from "@/live/inTurn";
import { useLive } from "@/live";

/** What is on this call-taker's line: pushes say that something changed, HTTP says what it is now. */
export function useLine() {
  const call = shallowRef<LineCall | null>(null);
  const card = shallowRef<CallerCard | null>(null);
  const ringing = shallowRef<readonly LineCall[]>([]);
  const missed = shallowRef<readonly LineCall[]>([]);
  const now = ref(Date.now());
  let ticking: ReturnType<typeof setInterval> | undefined;

  const refresh = inTurn(async () => {
    try {
      const [current, unanswered] = await Promise.all([currentCall(), missedCalls()]);
      call.value = current.call ?? null;
      card.value = current.card ?? null;
      ringing.value = current.ringing;
      missed.value = unanswered;
    } catch (error) {
      asProblem(error); // the form works without a line, and the next push asks again
    }
  });

  useLive({ call: () => void refresh(), refresh: () => void refresh() });
  onMounted(() => {
    void refresh();
    ticking = setInterval(() => (now.value = Date.now()), 1000);
  });
  onUnmounted(() => clearInterval(ticking));

  /** Seconds since the call came into the state that it is in. */
  const seconds = computed(() => {
    const since = call.value?.ended_at ?? call.value?.answered_at ?? call.value?.rang_at;
    return since ? Math.max(0, Math.floor((now.value - Date.parse(since)) / 1000)) : 0;
  });

  async function move(state: CallMove, which: LineCall | null = call.value): Promise<void> {
    if (!which) return;
    try {
      await moveCall(which.id, state);
    } catch (error) {
      asProblem(error); // the exchange was quicker: what is shown next is how it stands
    }
    await refresh();
  }

  return { call, card, ringing, missed, seconds, refresh, move };
}
