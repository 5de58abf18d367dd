import { vi } from "vitest";

/** A request as the server sees it. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

/** An answer: a body (200), [status, body], or an Error for a line that breaks before any answer. */
export type Answer = object | [status: number, body: unknown] | TypeError;
export type Routes = Record<string, Answer | ((seen: Seen) => Answer | Promise<Answer>)>;

/** Why fetch fails when the network does. */
export const brokenLine = new TypeError("Failed to fetch");

/**
 * Stands where the server is: answers fetch by "METHOD /path" and keeps what was asked. An address without an answer
 * fails the test.
 */
export function serve(routes: Routes): Seen[] {
  const seen: Seen[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const text = await request.text();
    const one: Seen = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === "" ? null : JSON.parse(text),
    };
    seen.push(one);
    const route = routes[`${one.method} ${one.path}`];
    if (route === undefined) throw new Error(`nobody answers ${one.method} ${one.path}`);
    const answer = typeof route === "function" ? await (route as (seen: Seen) => Answer | Promise<Answer>)(one) : route;
    if (answer instanceof TypeError) throw answer;
    const [status, body] = Array.isArray(answer) && typeof answer[0] === "number" ? (answer as [number, unknown]) : [200, answer];
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
  return seen;
}

export function problem(status: number, code: string, detail: string, errors?: Record<string, string[]>): Answer {
  return [status, { type: `/problems/${code}`, title: "", status, code, detail, errors }];
}
