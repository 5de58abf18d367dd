import { computed, readonly, shallowRef } from "vue";
import type { Problem } from "@/api/problem";
import { asProblem, isProblem } from "@/api/problem";
import { logIn, logOut, whoAmI } from "@/api/session";
import type { Me } from "@/api/types";
import { live } from "@/live";
import { unfinished } from "./unfinished";

export type Role = "call_taker" | "dispatcher" | "officer" | "supervisor";

const me = shallowRef<Me | null>(null);
let known: Promise<void> | null = null;

/** Why nothing can be shown at all: the server could not say who is logged in. */
export const sessionProblem = shallowRef<Problem | null>(null);

function become(user: Me | null): void {
  me.value = user;
  if (user) live.start();
  else live.stop();
}

/** Asks the server once who is logged in. False: it did not answer, `sessionProblem` says why. */
export async function loadSession(): Promise<boolean> {
  known ??= whoAmI().then(become);
  try {
    await known;
    return true;
  } catch (error) {
    known = null;
    sessionProblem.value = asProblem(error);
    return false;
  }
}

export async function login(username: string, password: string): Promise<void> {
  become(await logIn(username, password));
}

/** Ends the session and, with the page, everything this user had in hand. */
export async function logout(): Promise<void> {
  await logOut();
  sessionStorage.clear();
  await unfinished.clear();
  window.location.assign("/staff/login");
}

/** True when the error says that the session is over; the user is then logged out here, too. */
export function sessionEnded(error: unknown): boolean {
  if (!isProblem(error) || error.status !== 401) return false;
  become(null);
  return true;
}

export function useSession() {
  return { me: readonly(me), role: computed(() => (me.value?.role ?? "") as Role | "") };
}
