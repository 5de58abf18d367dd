import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Step, Waiting } from "@/api/supervision";
import { wordsFor } from "@/i18n";
import shared from "@/i18n/zh-CN/shared";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, serve } from "@/testing/server";
import WatchdogPage from "./WatchdogPage.vue";

const step = (code: string, more: Partial<Step> = {}): Step => ({
  code, name: code, owner: "牵头单位", after: 86_400, waiting: 0, stuck: 0, oldest: null, ...more,
});
const waiting: Waiting = {
  case: { number: "20261122-000001-1", summary: "牛奶过期", state: "dispatched", state_name: "已派单" }, unit: "西湖区市场监督管理局",
  since: "2026-11-20T02:00:00Z", stuck_at: "2026-11-21T02:00:00Z", stuck: true, attempts: 2, why: "派单", next_try: null,
};
const digest = { day: "2026-11-22", region: "浙江省杭州市", text: "未签收：1 件，最早自 2026-11-20 10:00 20261122-000001-1" };

let answers: Record<string, Answer | ((seen: Seen) => Answer)>;
let seen: Seen[];
let page: VueWrapper;
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function open(): Promise<void> {
  seen = serve(answers);
  const stubs = { RouterLink: { props: ["to"], template: '<a :href="to"><slot /></a>' } };
  page = mount(WatchdogPage, { attachTo: document.body, global: { plugins: [wordsFor({ staff, shared })], stubs } });
  await flushPromises();
}

beforeEach(() => {
  const steps = [step("triage"), step("signed", { waiting: 3, oldest: "2026-11-21T02:00:00Z" }), step("unsigned", { waiting: 1, stuck: 1, oldest: "2026-11-20T02:00:00Z" })];
  answers = {
    "GET /api/v1/watchdog/": { steps, digest },
    "GET /api/v1/watchdog/unsigned/": { results: [waiting], next: null },
  };
});
afterEach(() => page.unmount());

it("puts what is stuck first, leaves out what is empty until asked, and shows the morning's digest", async () => {
  await open();
  const codes = (): (string | undefined)[] => page.findAll("button.step").map((row) => row.attributes("data-testid"));
  expect(codes()).toEqual(["step-unsigned", "step-signed"]);
  expect(at("stuck").text()).toBe("1 件停滞");
  expect(at("digest").text()).toContain("未签收：1 件");
  await at("every").setValue(true);
  expect(codes()).toEqual(["step-unsigned", "step-signed", "step-triage"]);
  expect(at("step-triage").attributes("disabled")).toBeDefined();
});

it("opens a step to its cases, with what was tried and whose move it is", async () => {
  await open();
  await at("step-unsigned").trigger("click");
  await flushPromises();
  const row = at("waiting");
  expect(row.get("a").attributes("href")).toBe("/cases/20261122-000001-1");
  expect(row.text()).toContain("西湖区市场监督管理局");
  expect(row.text()).toContain("已提醒或尝试 2 次");
  expect(row.text()).toContain(staff.supervision.watch.manual);
  await at("stuck-only").setValue(true);
  await flushPromises();
  expect(seen.at(-1)?.query.get("stuck")).toBe("true");
  await at("step-unsigned").trigger("click");
  expect(page.find('[data-testid="waiting"]').exists()).toBe(false);
});

it("goes on where a page ends, and says when nothing moves wrongly or the line is broken", async () => {
  answers["GET /api/v1/watchdog/unsigned/"] = ({ query }) =>
    query.has("cursor") ? { results: [{ ...waiting, case: { ...waiting.case, number: "20261122-000002-9" } }], next: null } : { results: [waiting], next: "5.1" };
  await open();
  await at("step-unsigned").trigger("click");
  await flushPromises();
  await at("more").trigger("click");
  await flushPromises();
  expect(at("waiting").findAll("a")).toHaveLength(2);
  page.unmount();
  answers["GET /api/v1/watchdog/"] = { steps: [step("triage")], digest: { day: null, region: "", text: "" } };
  await open();
  expect(at("stuck").text()).toBe(staff.supervision.watch.fine);
  expect(at("digest").text()).toBe(staff.supervision.watch.noDigest);
  page.unmount();
  answers["GET /api/v1/watchdog/"] = brokenLine;
  await open();
  expect(page.text()).toContain(staff.problem.load);
});
