import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Wall } from "@/api/wall";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import WallPage from "./WallPage.vue";
import { spanOf } from "./words";

vi.mock("./chart", () => ({ chartIn: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn() }) })); // nothing is drawn in a test

const figure = (count: number, filter: Record<string, string>) => ({ count, filter });
const names = ["received", "dispatched", "returned", "reopened", "raised", "repeated", "open", "overdue", "urgent", "supervised", "supervised_late"] as const;
const rate = { key: "response" as const, count: 5, of: 6, share: 5 / 6, low: 0.4, high: 0.9, cases: { of: { rate: "of" }, count: { rate: "count" }, rest: { rate: "rest" } } };
const wall: Wall = {
  at: "2026-11-22T02:00:00Z", since: "2026-11-22", until: "2026-11-22", region: { code: "330000", name: "浙江省" },
  figures: Object.fromEntries(names.map((name, n) => [name, figure(n, { state: name })])) as Wall["figures"],
  inflow: { step: "hour", points: [{ key: "2026-11-22T08", ...figure(3, { hour: "2026-11-22T08" }) }] },
  domains: [{ key: "product", name: "产品质量", ...figure(3, { domain: "product" }) }],
  channels: [{ key: "web", name: "网上", ...figure(3, { channel: "web" }) }],
  regions: [
    { key: "330100", name: "杭州市", received: figure(3, { region: "330100" }), open: figure(1, {}), overdue: figure(2, { due: "overdue" }), urgent: figure(0, {}) },
    { key: "", name: "地区不明", received: figure(1, { at: "none" }), open: figure(0, {}), overdue: figure(0, {}), urgent: figure(0, {}) },
  ],
  deadlines: [{ key: "red", ...figure(2, { deadline: "red" }) }, { key: "none", ...figure(0, { deadline: "none" }) }],
  topics: [{ key: "P01", name: "食品", ...figure(8, { topic: "P01" }), mean: 1, change: 7, hot: true }],
  rates: [rate], units: [], urgent: [], events: [{ id: 9, at: "2026-11-22T01:59:50Z", number: "20261122-000001-1", kind: "dispatch", name: "已派单", urgency: "U4", region: "浙江省杭州市" }],
};

let page: VueWrapper;
let seen: Seen[];
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function open(address = "/wall", answer: object = wall): Promise<void> {
  seen = serve({ "GET /api/v1/wall/": answer });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: WallPage, props: ({ query }) => spanOf(query) }] });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}

beforeEach(() => vi.stubGlobal("ResizeObserver", class { observe = vi.fn(); disconnect = vi.fn(); }));
afterEach(() => page.unmount());

it("shows each figure as the way to its cases", async () => {
  await open();
  expect(at("total-overdue").attributes("href")).toBe("/queue/all?state=overdue");
  expect(at("total-overdue").text()).toContain("7");
  expect(at("rate-response").text()).toContain("83.3%");
  expect(at("rate-response").text()).toContain("5 / 6 件");
  expect(at("deadlines").findAll("li")).toHaveLength(1);
  expect(at("topics").text()).toContain("明显偏多");
  expect(at("topics").get("[role=img]").attributes("aria-label")).toBe("上升");
  expect(at("events").text()).toContain("已派单");
});

it("colours the tiles by the chosen count and leads into a city", async () => {
  await open();
  const tile = () => at("tiles").get("a");
  expect(tile().attributes("href")).toBe("/queue/all?region=330100");
  await at("metric-overdue").trigger("click");
  expect(tile().attributes("href")).toBe("/queue/all?due=overdue");
  await at("tiles").get("button").trigger("click");
  await flushPromises();
  expect(seen.at(-1)?.query.get("region")).toBe("330100");
});

it("has the numbers of the course as a table for those who do not see charts", async () => {
  await open();
  expect(page.get(".inflow table").text()).toContain("8时");
  await at("as-table").trigger("click");
  expect(page.get(".inflow a").attributes("href")).toBe("/queue/all?hour=2026-11-22T08");
});

it("asks for the days and the region of the address", async () => {
  await open("/wall?days=7&region=330100");
  const { since, until, region } = Object.fromEntries(seen[0]?.query ?? []);
  expect((Date.parse(until ?? "") - Date.parse(since ?? "")) / 86_400_000).toBe(6);
  expect(region).toBe("330100");
});

it("says in words why there is nothing", async () => {
  await open("/wall", problem(403, "not_allowed", "只有监督员可以查看。"));
  expect(page.text()).toContain("只有监督员可以查看。");
});
