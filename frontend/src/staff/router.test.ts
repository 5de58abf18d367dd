import { beforeEach, expect, it, vi } from "vitest";
import type { Me } from "@/api/types";
import { officer } from "@/testing/samples";
import { brokenLine, serve } from "@/testing/server";

let user: Me | null;

/** Where somebody who asks for an address is sent. The session lives in a module, so each visit loads its own. */
async function visit(path: string) {
  vi.resetModules();
  const { admit } = await import("./router");
  return admit({ path: path.split("?")[0] ?? "", fullPath: path, meta: path === "/login" ? { open: true } : {} });
}

beforeEach(() => {
  user = null;
  vi.stubGlobal("WebSocket", vi.fn());
  serve({ "GET /api/v1/session/": () => ({ user }) });
});

it("leads a stranger to the login and remembers the page", async () => {
  expect(await visit("/cases/1?x=2")).toEqual({ path: "/login", query: { next: "/cases/1?x=2" } });
  expect(await visit("/")).toEqual({ path: "/login", query: {} });
  expect(await visit("/login")).toBe(true);
});

it.each([
  ["officer", "/queue/mine"],
  ["dispatcher", "/triage"],
  ["call_taker", "/call"],
  ["supervisor", "/queue/all"],
])("leads a %s to where the day begins, and lets them through elsewhere", async (role, home) => {
  user = { ...officer, role };
  expect(await visit("/")).toBe(home);
  expect(await visit("/login")).toBe(home);
  expect(await visit("/cases/1")).toBe(true);
});

it("says that the server does not answer instead of showing a login", async () => {
  serve({ "GET /api/v1/session/": brokenLine });
  expect(await visit("/queue/mine")).toBe(false);
  const { sessionProblem } = await import("./session/session");
  expect(sessionProblem.value).toMatchObject({ status: 0 });
});
