/** Number and query code of the case in hand, for this tab only: a shared computer forgets them with the window. */
import { forget, keep, kept } from "./keeping";

export interface CaseKey {
  number: string;
  code: string;
  /** The report beside a complaint of the same text. */
  twin?: { number: string; code: string };
}

const KEY = "zst.case";

export function rememberCase(key: CaseKey): void {
  keep("session", KEY, key);
}

export function rememberedCase(): CaseKey | null {
  return kept("session", KEY) as CaseKey | null;
}

export function forgetCase(): void {
  forget("session", KEY);
}
