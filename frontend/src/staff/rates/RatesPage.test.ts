import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { RatesGroup } from "@/api/rates";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import { addressOf, askedOf, FIGURES, lastWeeks } from "./asked";
import RatesPage from "./RatesPage.vue";

const cases = (figure: string, key: string) => ({ of: `${figure}.of.unit.${key}.a.b`, count: `${figure}.count.unit.${key}.a.b`, rest: `${figure}.rest.unit.${key}.a.b` });
const rate = (figure: string, key: string, count: number, of: number) => ({ count, of, share: of ? count / of : null, low: of ? 0.1 : null, high: of ? 0.9 : null, cases: cases(figure, key) });
const group = (key: string, name: string, closed: number): RatesGroup => ({
  key, name, closed, refiled: 1, recovered: "120.50", response: rate("response", key, 4, 5), resolution: rate("resolution", key, 3, 6),
  resolution_net: rate("resolution_net", key, 2, 6), satisfaction: rate("satisfaction", key, 0, 0),
});

let page: VueWrapper;
let seen: Seen[];
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function open(address = "/rates", answer: object = {
  by: "unit", since: "2026-08-30", until: "2026-11-22", refile_days: 30, whole: group("", "", 6), groups: [group("1", "小局", 1), group("2", "大局", 5)],
}): Promise<void> {
  seen = serve({ "GET /api/v1/rates/": answer });
  const router = createRouter({
    history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: RatesPage, props: ({ query }) => ({ asked: askedOf(query) }) }],
  });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  // charts are drawn when they come into view, which nothing here does
  vi.stubGlobal("IntersectionObserver", class { observe = vi.fn(); disconnect = vi.fn(); });
});
afterEach(() => page.unmount());

it("shows each rate with what it is a share of, and leads to exactly these cases", async () => {
  await open();
  const resolution = at("figure-resolution");
  expect(resolution.text()).toContain("50.0%");
  expect(resolution.text()).toContain("3 / 6 件");
  expect(resolution.findAll("a").map((link) => link.attributes("href"))).toEqual([
    "/queue/all?rate=resolution.count.unit..a.b", "/queue/all?rate=resolution.of.unit..a.b", "/queue/all?rate=resolution.rest.unit..a.b",
  ]);
  expect(at("figure-resolution_net").text()).toContain("33.3%");
  expect(at("figure-resolution_net").text()).toContain("30 天");
});

it("divides by nothing nowhere", async () => {
  await open();
  expect(at("figure-satisfaction").text()).toContain(staff.rates.nothing);
  expect(at("figure-satisfaction").text()).not.toContain("NaN");
});

it("puts the group that closed most first", async () => {
  await open();
  expect(at("groups").findAll("tbody th").map((name) => name.text())).toEqual(["大局", "小局"]);
});

it("draws the first figure that has something to show, and fills the days that are meant", async () => {
  const none = { resolution: rate("resolution", "", 0, 0), resolution_net: rate("resolution_net", "", 0, 0) };
  await open("/rates", { by: "unit", since: "2026-08-30", until: "2026-11-22", refile_days: 30, whole: { ...group("", "", 0), ...none }, groups: [{ ...group("1", "小局", 0), ...none }] });
  expect((at("figure").element as HTMLSelectElement).value).toBe("response");
  expect([at("since"), at("until")].map((field) => (field.element as HTMLInputElement).value)).toEqual(["2026-08-30", "2026-11-22"]);
  expect(at("span").text()).toContain("2026年8月30日至11月22日");
  await at("figure").setValue("satisfaction");
  expect(page.find('[role="img"]').exists()).toBe(false);
});

it("asks for the grouping and the days of the address", async () => {
  await open("/rates?by=topic&since=2026-10-01&until=2026-10-31");
  expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({ by: "topic", since: "2026-10-01", until: "2026-10-31" });
  await at("by-week").trigger("click");
  await flushPromises();
  expect(seen.at(-1)?.query.get("by")).toBe("week");
});

it("says in words why there is nothing", async () => {
  await open("/rates", problem(403, "not_allowed", "只有监督员可以查看。"));
  expect(page.text()).toContain("只有监督员可以查看。");
});

it("keeps what is asked in the address and forgets what is usual or bent", () => {
  expect(askedOf({ by: "x", since: "2026-99-99" })).toEqual({ by: "unit" });
  expect(addressOf({ by: "unit", since: "2026-10-01" })).toEqual({ since: "2026-10-01" });
  expect(lastWeeks(12)).toEqual({});
  expect(lastWeeks(4, new Date("2026-11-22T04:00:00Z"))).toEqual({ since: "2026-10-25" });
  expect(FIGURES).toHaveLength(4);
});
