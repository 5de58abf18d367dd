/**
 * The address bar of the citizens' pages. Two pages and one query word need no router library, and phones on a weak
 * line load a tenth less.
 */
import type { ShallowRef } from "vue";
import { readonly, shallowRef } from "vue";

export interface Address {
  path: string;
  query: Readonly<Record<string, string>>;
}

function read(): Address {
  return { path: window.location.pathname, query: Object.fromEntries(new URLSearchParams(window.location.search)) };
}

const current = shallowRef(read());
window.addEventListener("popstate", () => (current.value = read()));

export function useAddress(): Readonly<ShallowRef<Address>> {
  return readonly(current);
}

export function hrefOf({ path, query }: Address): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? path : `${path}?${search}`;
}

/** Goes to another page or step; the browser's back button leads back here. */
export function go(path: string, query: Address["query"] = {}): void {
  const href = hrefOf({ path, query });
  if (href === hrefOf(current.value)) return;
  window.history.pushState({ from: hrefOf(current.value) }, "", href);
  current.value = read();
}

/** Back to the step before: by the browser's history where that is where it leads, else as a new step. */
export function goBackTo(path: string, query: Address["query"] = {}): void {
  const state = window.history.state as { from?: string } | null;
  if (state?.from === hrefOf({ path, query })) window.history.back();
  else go(path, query);
}
