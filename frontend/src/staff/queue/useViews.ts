import { ref, shallowRef } from "vue";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import type { SavedView, ViewFacts } from "@/api/workbench";
import { addView, changeView, listViews, removeView } from "@/api/workbench";

/** The kept views of one queue: one's own, then those that colleagues share. */
export function useViews(queue: () => "mine" | "all") {
  const all = shallowRef<SavedView[]>([]);
  const problem = shallowRef<Problem | null>(null);
  const busy = ref(false);

  async function load(): Promise<void> {
    try {
      all.value = await listViews();
    } catch (error) {
      asProblem(error); // the queue itself says that the server is away
    }
  }

  /** Does one thing and fetches the list anew; false: refused, `problem` says why. */
  async function change(action: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await action();
      await load();
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  const of = (): SavedView[] => all.value.filter((view) => view.queue === queue());
  const facts = ({ name, query, shared, position = 0 }: SavedView): ViewFacts => ({ name, queue: queue(), query, shared, position });

  return {
    all, problem, busy, load, of,
    add: (name: string, query: string, shared: boolean) => change(() => addView({ name, queue: queue(), query, shared, position: of().length })),
    alter: (view: SavedView, more: Partial<ViewFacts>) => change(() => changeView(view.id, { ...facts(view), ...more })),
    remove: (view: SavedView) => change(() => removeView(view.id)),
    /** Before all others of one's own. */
    first: (view: SavedView) =>
      change(async () => {
        const others = of().filter(({ id, own }) => own && id !== view.id);
        for (const [n, one] of [view, ...others].entries()) if (one.position !== n) await changeView(one.id, { ...facts(one), position: n });
      }),
  };
}
