import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { row } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { brokenLine, serve } from "@/testing/server";
import { offersFor } from "./bulk";
import BulkBar from "./BulkBar.vue";
import { filtersOfView, queryOf } from "./filters";
import { MOST, windowOf } from "./useWindow";

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

async function signAll(answer: Parameters<typeof serve>[0][string], count = 12) {
  const seen: Seen[] = serve({ "POST /api/v1/cases/bulk/": answer });
  const rows = Array.from({ length: count }, (_, n) => row(n + 1));
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { render: () => null } }] });
  const bar = mount(BulkBar, { attachTo: document.body, props: { role: "officer", rows }, global: { plugins: [wordsFor({ staff }), router] } });
  await bar.get('[data-testid="bulk-sign"]').trigger("click");
  await bar.get("form").trigger("submit");
  await flushPromises();
  return { bar, seen, rows };
}

it("offers what fits the role and the states of the chosen rows", () => {
  const rows = [row(1), row(2, { state: "signed" }), row(3, { state: "needs_triage" }), row(4, { state: "closed" })];
  const found = (role: string) => offersFor(role, rows).map(({ verb, rows: fitting }) => [verb, fitting.length]);
  expect(found("officer")).toEqual([["sign", 1]]);
  expect(found("supervisor")).toEqual([["dispatch", 1], ["archive", 1]]);
  expect(found("call_taker")).toEqual([]);
  expect(offersFor("officer", [row(2, { state: "signed" })])).toEqual([]);
});

it("sends a few at a time with the versions that were seen, and lists what was refused and why", async () => {
  const { bar, seen, rows } = await signAll(({ body }) => {
    const { numbers } = body as { numbers: string[] };
    return { results: numbers.map((number, n) => (n === 0 ? { number, code: "stale_version", message: "工单已更新" } : { number, code: "", message: "" })) };
  });
  expect(seen.map(({ body }) => (body as { numbers: string[] }).numbers.length)).toEqual([10, 2]);
  expect(seen[1]?.body).toMatchObject({ verb: "sign", versions: { [rows[10]?.number ?? ""]: 2 } });
  expect(bar.get('[data-testid="bulk-done"]').text()).toBe("已办 10 件");
  expect(bar.get('[data-testid="bulk-refused"]').text()).toContain("工单已更新");
  expect(bar.emitted("done")?.[0]?.[0]).toHaveLength(10);
  bar.unmount();
});

it("says how far it came when the line breaks", async () => {
  let asked = 0;
  const { bar } = await signAll(({ body }) => {
    asked += 1;
    return asked > 1 ? brokenLine : { results: (body as { numbers: string[] }).numbers.map((number) => ({ number, code: "", message: "" })) };
  });
  expect(bar.text()).toContain("没有处理到的 2 件仍在选中");
  expect(bar.emitted("done")?.[0]?.[0]).toHaveLength(10);
  bar.unmount();
});

it("keeps filters as words that come out the same, and nothing that was looked at once", () => {
  expect(queryOf({ topic: "P01", due: "today" })).toBe("due=today&topic=P01");
  expect(filtersOfView("due=today&topic=P01")).toEqual({ due: "today", topic: "P01" });
  expect(queryOf({ due_on: "2026-11-22" })).toBe("");
  expect(queryOf({})).toBe("");
});

it("draws a short list whole, and of a long one a part around what is looked at", () => {
  expect(windowOf(MOST, 99_999, 60, 900)).toEqual({ from: 0, to: MOST });
  expect(windowOf(5_000, -300, 60, 900)).toEqual({ from: 0, to: 200 });
  const middle = windowOf(5_000, 60_000, 60, 900);
  expect(middle.to - middle.from).toBe(200);
  expect(middle.from).toBeLessThan(1_000);
  expect(middle.to).toBeGreaterThan(1_015);
  expect(windowOf(5_000, 5_000 * 60, 60, 900)).toEqual({ from: 4_800, to: 5_000 });
});
