import type { Found, Place } from "@/api/reference";

/** What to offer somebody who typed an address. other: it seems to lie elsewhere than the region that was chosen. */
export interface Offers {
  kind: "none" | "one" | "several" | "other";
  places: Place[];
}

/** The digits that a region shares with everything below it: 330000 -> 33, 330100 -> 3301. */
function scope(code: string): string {
  return code.endsWith("0000") ? code.slice(0, 2) : code.endsWith("00") ? code.slice(0, 4) : code;
}

/**
 * Nothing is chosen for anybody: what was found is offered, and only where it says more or something else than the
 * choice that stands. Provinces are no answer.
 */
export function offersOf(found: Found | null, chosen: string): Offers {
  const places = (found?.candidates ?? []).filter(({ code }) => !code.endsWith("0000"));
  if (places.length === 0 || (chosen !== "" && places.some(({ code }) => chosen.startsWith(scope(code))))) return { kind: "none", places: [] };
  const finer = chosen === "" ? places : places.filter(({ code }) => code.startsWith(scope(chosen)));
  if (finer.length === 0) return { kind: "other", places };
  return { kind: finer.length === 1 && (finer.length < places.length || !found?.ambiguous) ? "one" : "several", places: finer };
}
