import { flushPromises, mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Day } from "@/api/workbench";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { problem, serve } from "@/testing/server";
import CalendarPage from "./CalendarPage.vue";
import { monthAfter, totalOf, weeksOf } from "./month";

const NONE = { overdue: 0, red: 0, amber: 0, green: 0 };
function days(month: string, count: number, more: Record<number, Partial<Day>> = {}): Day[] {
  return Array.from({ length: count }, (_, n) => ({
    day: `${month}-${String(n + 1).padStart(2, "0")}`, working: true, kind: "", name: "", counts: NONE, ...more[n + 1],
  }));
}

async function open(routes: Parameters<typeof serve>[0]) {
  const seen = serve(routes);
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { render: () => null } }] });
  const page = mount(CalendarPage, { props: { month: "2026-11" }, global: { plugins: [wordsFor({ staff }), router] } });
  await flushPromises();
  return { page, seen, router };
}

it("begins weeks on Monday and fills them up", () => {
  const weeks = weeksOf(days("2026-11", 30)); // the first of November 2026 is a Sunday
  expect(weeks).toHaveLength(6);
  expect(weeks[0]?.slice(5).map((day) => day?.day)).toEqual([undefined, "2026-11-01"]);
  expect(weeks[5]?.filter(Boolean)).toHaveLength(1);
  expect(weeksOf([])).toEqual([]);
});

it("goes over the end of a year", () => {
  expect([monthAfter("2026-12", 1), monthAfter("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
});

it("adds the colours of a day", () => {
  expect(totalOf({ ...(days("2026-11", 1)[0] as Day), counts: { overdue: 1, red: 2, amber: 0, green: 4 } })).toBe(7);
});

it("shows counts by colour, rest days by name, and leads from a day to its cases", async () => {
  const shown = days("2026-11", 30, {
    3: { counts: { ...NONE, overdue: 2, amber: 1 } }, 8: { working: false, kind: "holiday", name: "测试节" }, 14: { kind: "makeup", name: "测试节" },
  });
  const { page, seen } = await open({ "GET /api/v1/deadlines/calendar/": { month: "2026-11", today: "2026-11-05", days: shown } });
  expect(seen[0]?.query.get("month")).toBe("2026-11");
  const day = page.get('[data-testid="day-2026-11-03"]');
  expect(day.attributes("href")).toBe("/queue/mine?due_on=2026-11-03");
  expect(day.text()).toContain("已逾期 2");
  expect(day.attributes("aria-label")).toBe("11月3日，工作日，到期 3 件");
  expect(page.get('[data-testid="day-2026-11-04"]').attributes("href")).toBeUndefined();
  expect(page.get('[data-testid="day-2026-11-08"]').text()).toContain("测试节");
  expect(page.get('[data-testid="day-2026-11-14"]').text()).toContain("补班");
  expect(page.text()).toContain("本月到期 3 件");
});

it("steps through the months by the address", async () => {
  const { page, router } = await open({ "GET /api/v1/deadlines/calendar/": { month: "2026-11", today: "2026-11-05", days: days("2026-11", 30) } });
  await page.get('[data-testid="month-after"]').trigger("click");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ month: "2026-12" });
});

it("says why there is no calendar", async () => {
  const { page } = await open({ "GET /api/v1/deadlines/calendar/": problem(403, "not_allowed", "时限日历属于承办单位。") });
  expect(page.text()).toContain("时限日历属于承办单位。");
});
