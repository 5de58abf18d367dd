import { computed, ref } from "vue";
import type { CaseRow } from "@/api/types";

const KEPT = 500;

interface Stored {
  /** Numbers not opened yet, newest last. */
  unread: string[];
  /** Latest time of receipt that was ever shown here; rows after it are new. "" before the first visit. */
  newest: string;
}

/**
 * Which cases of a queue this user has not opened on this browser. Everything there at the first visit counts as
 * read; what comes later stays unread until opened, over reloads too.
 */
export function useUnread(owner: string) {
  const key = `zst.unread.${owner}`;
  const stored = localStorage.getItem(key);
  const state = ref<Stored>(stored === null ? { unread: [], newest: "" } : (JSON.parse(stored) as Stored));

  function keep(): void {
    state.value.unread = state.value.unread.slice(-KEPT);
    localStorage.setItem(key, JSON.stringify(state.value));
  }

  /** Notes what the queue shows now; returns the rows that are new, newest first. */
  function see(rows: readonly Pick<CaseRow, "number" | "received_at">[]): string[] {
    const { newest, unread } = state.value;
    const times = rows.map(({ received_at }) => received_at);
    const fresh = newest === "" ? [] : rows.filter(({ received_at }) => Date.parse(received_at) > Date.parse(newest));
    const latest = times.reduce((a, b) => (a === "" || Date.parse(b) > Date.parse(a) ? b : a), newest);
    const numbers = fresh.map(({ number }) => number).filter((number) => !unread.includes(number));
    if (latest === newest && numbers.length === 0) return [];
    state.value = { newest: latest, unread: [...unread, ...[...numbers].reverse()] };
    keep();
    return numbers;
  }

  function read(number: string): void {
    if (!state.value.unread.includes(number)) return;
    state.value.unread = state.value.unread.filter((other) => other !== number);
    keep();
  }

  return { unread: computed(() => new Set(state.value.unread)), see, read };
}
