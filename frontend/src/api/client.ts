import createClient from "openapi-fetch";
import { Problem, problemFrom } from "./problem";
import type { paths } from "./schema";

function cookie(name: string): string | undefined {
  const found = document.cookie.split("; ").find((entry) => entry.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** The header that proves a write to come from our own page; needed whenever a staff session is open. */
export function csrfHeader(): Record<string, string> {
  const token = cookie("csrftoken");
  return token ? { "X-CSRFToken": token } : {};
}

/** A citizen's right to one case. */
export function codeHeader(code: string | undefined): Record<string, string> {
  return code === undefined ? {} : { "X-Case-Code": code };
}

let credentials: RequestCredentials = "same-origin";

/** The citizens' pages never use a staff session that happens to be open in the same browser. */
export function withoutSession(): void {
  credentials = "omit";
}

// fetch is looked up at each call, so that tests can put their own server in its place.
export const client = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => fetch(request, { credentials }),
});

client.use({
  onRequest({ request }) {
    if (request.method === "GET") return;
    for (const [name, value] of Object.entries(csrfHeader())) request.headers.set(name, value);
  },
});

/** The answer's data, or a Problem: refused by the server, or (status 0) never answered. */
export async function take<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(0, "offline", "");
    if (error instanceof SyntaxError) throw new Problem(502, "unreadable", "");
    throw error;
  }
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer.data as T;
}
