import { computed, ref, shallowRef } from "vue";
import type { QueueFilter } from "@/api/cases";
import { countCases, getCase, listCases } from "@/api/cases";
import { asProblem, isProblem } from "@/api/problem";
import type { CaseRow, Counts } from "@/api/types";
import { inTurn } from "@/live/inTurn";

const PAGE = 50;
/** The most that one refetch asks for; rows below are brought up to date one by one. */
const HEAD = 200;
/** Rest between two refetches, in milliseconds. */
const LIST_GAP = 300;
const COUNTS_GAP = 2_000;

/** New rows that stand above a known one; those that moved up from below when others left are no arrivals. */
function arrivals(page: readonly CaseRow[], known: ReadonlySet<string>): CaseRow[] {
  const isNew = page.map(({ number }) => !known.has(number));
  const end = known.size === 0 ? page.length : isNew.lastIndexOf(false) + 1;
  return page.slice(0, end).filter((_, n) => isNew[n]);
}

/** A queue that keeps itself current: its head is refetched on every hint, rows further down are patched. */
export function useQueue(onArrived: (rows: CaseRow[]) => void) {
  const rows = shallowRef<CaseRow[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const loadingMore = ref(false);
  const problem = shallowRef<unknown>(null);
  const counts = shallowRef<Counts | null>(null);
  let filter: QueueFilter = {};
  let turn = 0;

  function fail(error: unknown): void {
    problem.value = asProblem(error);
  }

  /** Shows another queue or filter from its beginning. */
  async function show(wanted: QueueFilter): Promise<void> {
    filter = wanted;
    const mine = ++turn;
    loading.value = true;
    try {
      const page = await listCases(filter, undefined, PAGE);
      if (mine !== turn) return;
      rows.value = page.results;
      next.value = page.next;
      problem.value = null;
    } catch (error) {
      if (mine !== turn) return;
      rows.value = [];
      next.value = null;
      fail(error);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  async function more(): Promise<void> {
    if (next.value === null || loadingMore.value || loading.value) return;
    const mine = turn;
    const from = next.value;
    let moved = false;
    loadingMore.value = true;
    try {
      const page = await listCases(filter, from, PAGE);
      if (mine !== turn) return;
      problem.value = null;
      // The head moved meanwhile and ends elsewhere now: this page would leave a gap.
      moved = next.value !== from;
      if (!moved) {
        rows.value = [...rows.value, ...page.results];
        next.value = page.next;
      }
    } catch (error) {
      if (mine === turn) fail(error);
    } finally {
      loadingMore.value = false;
    }
    if (moved) await more();
  }

  const refreshHead = inTurn(async () => {
    if (loading.value) return;
    const mine = turn;
    const asked = Math.min(HEAD, Math.max(PAGE, rows.value.length));
    try {
      const page = await listCases(filter, undefined, asked);
      if (mine !== turn) return;
      const before = new Set(rows.value.map(({ number }) => number));
      // What was loaded below the head stays, if the head still reaches it.
      const last = page.results.at(-1)?.number;
      const seam = page.next === null ? -1 : rows.value.findIndex(({ number }) => number === last);
      const tail = seam < 0 ? [] : rows.value.slice(seam + 1);
      rows.value = [...page.results, ...tail];
      if (tail.length === 0) next.value = page.next;
      problem.value = null;
      onArrived(arrivals(page.results, before));
    } catch (error) {
      if (mine === turn) fail(error);
    }
  }, LIST_GAP);

  const refreshCounts = inTurn(async () => {
    try {
      counts.value = await countCases();
    } catch (error) {
      asProblem(error); // the list says that the server is away
    }
  }, COUNTS_GAP);

  async function patch(number: string): Promise<void> {
    try {
      const fresh = await getCase(number);
      rows.value = rows.value.map((row) => (row.number === number && fresh.version >= row.version ? fresh : row));
    } catch (error) {
      if (isProblem(error) && error.status === 404) rows.value = rows.value.filter((row) => row.number !== number);
      else asProblem(error);
    }
  }

  /** A hint arrived. */
  async function changed(number: string, version: number): Promise<void> {
    const at = rows.value.findIndex((row) => row.number === number);
    const known = rows.value[at];
    if (known && known.version >= version) return;
    await Promise.all([at >= HEAD ? patch(number) : refreshHead(), refreshCounts()]);
  }

  async function refresh(): Promise<void> {
    await Promise.all([refreshHead(), refreshCounts()]);
  }

  return {
    rows, next, loading, loadingMore, problem, counts,
    empty: computed(() => !loading.value && rows.value.length === 0 && problem.value === null),
    show, more, changed, refresh, refreshCounts,
  };
}
