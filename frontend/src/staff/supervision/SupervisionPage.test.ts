import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { DeskNotice, DeskOrder, Signal } from "@/api/supervision";
import { wordsFor } from "@/i18n";
import shared from "@/i18n/zh-CN/shared";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import SupervisionPage from "./SupervisionPage.vue";

const about = { number: "20261122-000001-1", summary: "牛奶过期", state: "signed", state_name: "已签收" };
function order(id: number, more: Partial<DeskOrder> = {}): DeskOrder {
  return {
    id, level: "city", level_name: "市级", kind: "order", kind_name: "督办", unit: { id: 7, name: "西湖区市场监督管理局" }, text: "限期查清", leader: "",
    issuer: "监督员沈工", issued_at: "2026-11-20T02:00:00Z", due_at: "2026-11-27T09:30:00Z", state: "open", state_name: "待答复", overdue: false,
    answer: "", answered_at: null, ended_at: null, reason: "", returned: 0, case: about, ...more,
  };
}
const notice: DeskNotice = {
  id: 3, kind: "report", kind_name: "专报", unit: { id: 8, name: "杭州市市场监督管理局" }, why: "死亡1人以上", at: "2026-11-22T02:00:00Z",
  due_at: "2026-11-22T02:30:00Z", state: "unseen", state_name: "未阅", overdue: true, seen_at: null, seen_by: "", case: about,
};
const signal: Signal = {
  id: 4, why: "24小时内同一对象5件", case: about, respondent: "某超市", cases: 6, counties: ["西湖区", "上城区"], at: "2026-11-21T02:00:00Z",
  last_at: "2026-11-22T02:00:00Z", state: "open", state_name: "待处置", settled_at: null, settled_by: "", conclusion: "",
};

let answers: Record<string, Answer | ((seen: Seen) => Answer)>;
let seen: Seen[];
let page: VueWrapper;
const at = (id: string) => page.get(`[data-testid="${id}"]`);
const counts = { open: 2, answered: 1, overdue: 1 };

async function open(): Promise<void> {
  seen = serve(answers);
  const stubs = { RouterLink: { props: ["to"], template: '<a :href="to"><slot /></a>' } };
  page = mount(SupervisionPage, { attachTo: document.body, global: { plugins: [wordsFor({ staff, shared })], stubs } });
  await flushPromises();
}

beforeEach(() => {
  answers = { "GET /api/v1/supervision/orders/": { results: [order(1, { overdue: true }), order(2)], next: null, counts } };
});
afterEach(() => page.unmount());

it("shows the orders with their deadline, whose they are and the case behind each, the late ones standing out", async () => {
  await open();
  expect(at("order-1").classes()).toContain("late");
  expect(at("order-2").classes()).not.toContain("late");
  expect(at("order-1").get("a").attributes("href")).toBe("/cases/20261122-000001-1");
  expect(at("order-2").text()).toContain("西湖区市场监督管理局");
  expect(at("counts").text()).toBe("待答复 2，已答复 1，逾期 1");
  expect(seen[0]?.query.get("state")).toBe("running");
});

it("asks the server anew for another state, a level or what is late, and goes on where the page ends", async () => {
  answers["GET /api/v1/supervision/orders/"] = ({ query }) =>
    ({ results: [order(query.has("cursor") ? 2 : 1)], next: query.has("cursor") ? null : "9.1", counts });
  await open();
  await at("more").trigger("click");
  await flushPromises();
  expect(page.findAll('[data-testid^="order-"]').map((row) => row.attributes("data-testid"))).toEqual(["order-1", "order-2"]);
  expect(page.find('[data-testid="more"]').exists()).toBe(false);
  await at("state").setValue("closed");
  await at("level").setValue("city");
  await at("late").setValue(true);
  await flushPromises();
  const last = seen.at(-1)?.query;
  expect([last?.get("state"), last?.get("level"), last?.get("overdue"), last?.get("cursor")]).toEqual(["closed", "city", "true", null]);
});

it("says why nothing is there, and tries again", async () => {
  answers["GET /api/v1/supervision/orders/"] = brokenLine;
  await open();
  expect(page.text()).toContain(staff.problem.load);
  answers["GET /api/v1/supervision/orders/"] = { results: [], next: null, counts };
  await page.get("button.button").trigger("click");
  await flushPromises();
  expect(page.text()).toContain(staff.supervision.none);
});

it("lets somebody say that a notice was seen, and says the server's refusal", async () => {
  let left = [notice];
  answers["GET /api/v1/supervision/notices/"] = () => ({ results: left, next: null, unseen: left.length });
  answers["POST /api/v1/cases/20261122-000001-1/acknowledge/"] = problem(409, "nothing_to_see", "没有这条待阅的通知。");
  await open();
  await at("tab-notices").trigger("click");
  await flushPromises();
  await at("notice-3").get("button").trigger("click");
  await flushPromises();
  expect(page.text()).toContain("没有这条待阅的通知。");
  answers["POST /api/v1/cases/20261122-000001-1/acknowledge/"] = ({ body }) => {
    left = [];
    expect(body).toEqual({ notice: 3 });
    return {};
  };
  await at("notice-3").get("button").trigger("click");
  await flushPromises();
  expect(page.text()).toContain(staff.supervision.noNotices);
});

it("settles a risk signal with a conclusion only", async () => {
  let left = [signal];
  answers["GET /api/v1/supervision/signals/"] = () => ({ results: left, next: null });
  answers["POST /api/v1/supervision/signals/4/settle/"] = () => {
    left = [];
    return {};
  };
  await open();
  await at("tab-signals").trigger("click");
  await flushPromises();
  expect(at("signal-4").text()).toContain("6 件 · 西湖区、上城区");
  await at("signal-4").get("form").trigger("submit");
  expect(page.text()).toContain(staff.supervision.conclusionEmpty);
  expect(seen.filter(({ method }) => method === "POST")).toHaveLength(0);
  await at("conclusion-4").setValue("已约谈");
  await at("signal-4").get("form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({ conclusion: "已约谈" });
  expect(page.text()).toContain(staff.supervision.noSignals);
});
