import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Entry, Respondent } from "@/api/respondents";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Routes, Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import RespondentPage from "./RespondentPage.vue";
import RespondentsPage from "./RespondentsPage.vue";

const CODE = "91330100MA0000001F";
const counts = { cases: 4, closed: 3, solved: 2, refiled: 1, repeat_offender: true };
const facts = { id: 7, name: "甲乙食品有限公司", uscc: CODE, address: "文三路", platform: "", region: { code: "330106", name: "浙江省杭州市西湖区" } };
const respondent = (more: Partial<Respondent> = {}): Respondent => ({
  company: {
    ...facts, aliases: [{ id: 3, name: "甲乙小店" }], parent: null, merged_into: null, merged: [], branches: [{ id: 8, name: "甲乙分店", uscc: "" }], products: [],
    changes: [{ step: "registered", step_name: "登记", at: "2026-11-01T00:00:00Z", by: "老陈", reason: "" }],
  },
  counts, total: 9, by_month: [{ key: "2026-10", name: "2026-10", count: 4 }], by_topic: [{ key: "P01", name: "食品", count: 4 }],
  by_outcome: [{ key: "yes", name: "已解决", count: 2 }],
  recent: [{ number: "20261101-000001-1", title: "牛奶过期", topic: { code: "P01", name: "食品" }, state: "closed", state_name: "已办结", received_at: "2026-11-01T00:00:00Z" }],
  may_change: true, ...more,
});
const entry = (id: number): Entry => ({ company: { ...facts, id, name: `第 ${id} 家` }, counts });

let page: VueWrapper;
let seen: Seen[];
const at = (id: string) => page.get(`[data-testid="${id}"]`);
const inDialog = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)].find((one) => one.closest(".el-overlay")?.getAttribute("style")?.includes("none") !== true);

async function open(address: string, routes: Routes): Promise<void> {
  seen = serve(routes);
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/respondents", component: RespondentsPage, props: ({ query }) => ({ q: typeof query.q === "string" ? query.q : "" }) },
      { path: "/respondents/:id", component: RespondentPage, props: ({ params }) => ({ id: Number(params.id) }) },
      { path: "/:rest(.*)*", component: { template: "<p />" } },
    ],
  });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal("IntersectionObserver", class { observe = vi.fn(); disconnect = vi.fn(); });
});
afterEach(() => page.unmount());

it("shows who is complained about most, and finds others by name, page by page", async () => {
  let pages = 0;
  await open("/respondents", {
    "GET /api/v1/respondents/": ({ query }) => {
      if (!query.get("q")) return { results: [entry(1)], next: null };
      pages += 1;
      return query.get("cursor") ? { results: [entry(3)], next: null } : { results: [entry(2)], next: "2" };
    },
  });
  expect(at("entry-1").text()).toContain(staff.respondents.repeat);
  await at("search").setValue("甲乙");
  await page.get("form.search").trigger("submit");
  await flushPromises();
  expect(seen.at(-1)?.query.get("q")).toBe("甲乙");
  await at("more").trigger("click");
  await flushPromises();
  expect(page.findAll("tbody tr").map((row) => row.attributes("data-testid"))).toEqual(["entry-2", "entry-3"]);
  expect(pages).toBe(2);
});

it("shows one company with its figures, branches, other names and cases", async () => {
  await open("/respondents/7", { "GET /api/v1/respondents/7/": respondent() });
  expect(at("counts").text()).toBe("近一年 4 件，办结 3 件，已解决 2 件，办结后重复反映 1 件；历年共 9 件");
  for (const word of [CODE, "甲乙分店", "甲乙小店", "食品", "老陈"]) expect(page.text()).toContain(word);
  expect(at("recent").get("a").attributes("href")).toBe("/cases/20261101-000001-1");
});

it("offers no changes to those who may not make them", async () => {
  await open("/respondents/7", { "GET /api/v1/respondents/7/": respondent({ may_change: false }) });
  for (const name of ["correct", "alias", "merge"]) expect(page.find(`[data-testid="${name}"]`).exists()).toBe(false);
  expect(at("aliases").find("button").exists()).toBe(false);
});

it("corrects with a reason; a refusal stands at its field and keeps what was typed", async () => {
  let refuse = true;
  await open("/respondents/7", {
    "GET /api/v1/regions/": [
      { code: "330000", name: "浙江省", parent: null, level: "province" },
      { code: "330100", name: "杭州市", parent: "330000", level: "city" },
      { code: "330106", name: "西湖区", parent: "330100", level: "county" },
    ],
    "GET /api/v1/respondents/7/": respondent(),
    "PUT /api/v1/respondents/7/": () => (refuse ? problem(400, "wrong_code", "信用代码不正确。", { uscc: ["信用代码不正确。"] }) : respondent({ total: 10 })),
  });
  await at("correct").trigger("click");
  await flushPromises();
  inDialog("dialog-confirm")?.click();
  await flushPromises();
  expect(seen.map(({ method }) => method)).not.toContain("PUT");
  expect(inDialog("dialog-region")?.textContent).toContain("浙江省杭州市西湖区");
  const reason = inDialog("dialog-reason") as HTMLInputElement;
  reason.value = "执照更新";
  reason.dispatchEvent(new Event("input"));
  inDialog("dialog-confirm")?.click();
  await flushPromises();
  expect(document.body.textContent).toContain("信用代码不正确。");
  expect((inDialog("dialog-reason") as HTMLInputElement).value).toBe("执照更新");
  refuse = false;
  inDialog("dialog-confirm")?.click();
  await flushPromises();
  expect(seen.at(-1)?.body).toEqual({ name: "甲乙食品有限公司", uscc: CODE, address: "文三路", platform: "", region: "330106", parent: "", reason: "执照更新" });
  expect(at("counts").text()).toContain("历年共 10 件");
});
