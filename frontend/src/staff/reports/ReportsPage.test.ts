import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Report } from "@/api/wall";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { regions } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { serve } from "@/testing/server";
import { addressOf, askedOf, dayBeside } from "./asked";
import ReportsPage from "./ReportsPage.vue";

const word = (text: string, number: string | null = null) => ({ text, number: null, filter: null, case: number ?? "" });
const report: Report = {
  kind: "weekly", title: "浙江省质量诉求周报", region: { code: "330000", name: "浙江省" }, since: "2026-11-09", until: "2026-11-15",
  at: "2026-11-22T02:00:00Z", over: true, sentences: ["受理12件。"],
  sections: [
    { key: "kinds", title: "诉求类型", columns: ["诉求类型", "件数", "占比"], note: "", rows: [[word("投诉"), { text: "12", number: 12, filter: { intent: "complaint" }, case: "" }, word("100.0%（12/12）")]] },
    { key: "urgent", title: "紧急工单", columns: ["编号"], note: "", rows: [[word("20261122-000001-1", "20261122-000001-1")]] },
    { key: "signals", title: "风险信号", columns: ["规则"], note: "", rows: [] },
  ],
};

let page: VueWrapper;
let seen: Seen[];
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function open(address: string): Promise<void> {
  seen = serve({ "GET /api/v1/reports/": report, "GET /api/v1/regions/": regions });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: ReportsPage, props: ({ query }) => ({ asked: askedOf(query) }) }] });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}
afterEach(() => page.unmount());
const asked = () => Object.fromEntries(seen.filter(({ path }) => path === "/api/v1/reports/").at(-1)?.query ?? []);

it("shows sentences and tables, each number with the way to its cases", async () => {
  await open("/reports?kind=weekly&day=2026-11-12");
  expect(asked()).toEqual({ kind: "weekly", day: "2026-11-12" });
  expect(page.text()).toContain("受理12件。");
  expect(at("section-kinds").get("a").attributes("href")).toBe("/queue/all?intent=complaint");
  expect(at("section-urgent").get("a").attributes("href")).toBe("/cases/20261122-000001-1");
  expect(at("section-signals").text()).toContain("无");
});

it("goes to the period beside and offers files of the very period", async () => {
  await open("/reports?kind=weekly");
  expect(at("xlsx").attributes("href")).toBe("/api/v1/reports/xlsx/?kind=weekly&day=2026-11-09");
  await at("before").trigger("click");
  await flushPromises();
  expect(asked()).toEqual({ kind: "weekly", day: "2026-11-08" });
  await at("kind-monthly").trigger("click");
  await flushPromises();
  expect(asked()).toEqual({ kind: "monthly" });
});

it("keeps what is asked in the address and forgets what is usual or bent", () => {
  expect(askedOf({ kind: "yearly", day: "2026-99-99", region: "x" })).toEqual({ kind: "daily" });
  expect(addressOf({ kind: "daily", region: "330100" })).toEqual({ region: "330100" });
  expect(dayBeside({ since: "2026-03-01", until: "2026-03-31" }, "before")).toBe("2026-02-28");
  expect(dayBeside({ since: "2026-03-01", until: "2026-03-31" }, "after")).toBe("2026-04-01");
});
