import { afterEach, expect, it, vi } from "vitest";
import { serve } from "@/testing/server";
import { act, getCase } from "./cases";

afterEach(() => {
  document.cookie = "csrftoken=; max-age=0";
});

it("proves writes to come from our own page, and only writes", async () => {
  document.cookie = "csrftoken=abc";
  const seen = serve({ "GET /api/v1/cases/1/": {}, "POST /api/v1/cases/1/note/": {} });
  await getCase("1");
  await act("1", "note", { text: "x" });
  expect(seen.map(({ headers }) => headers.get("X-CSRFToken"))).toEqual([null, "abc"]);
});

it("sends a query code only where there is one", async () => {
  const seen = serve({ "GET /api/v1/cases/1/": {} });
  await getCase("1", "CODE");
  await getCase("1");
  expect(seen.map(({ headers }) => headers.get("X-Case-Code"))).toEqual(["CODE", null]);
});

it("leaves a staff session out of the citizens' requests", async () => {
  vi.resetModules();
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response("{}")));
  vi.stubGlobal("fetch", fetched);
  const { withoutSession } = await import("./client");
  const cases = await import("./cases");
  await cases.getCase("1");
  withoutSession();
  await cases.getCase("1");
  expect(fetched.mock.calls.map(([, init]) => init?.credentials)).toEqual(["same-origin", "omit"]);
});
