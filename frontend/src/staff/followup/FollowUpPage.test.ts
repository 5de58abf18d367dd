import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import type { Answer, Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import FollowUpPage from "./FollowUpPage.vue";

const one = detail(1, { version: 7 });
const task = {
  id: 5, number: one.number, title: "油烟", urgency: "U3", unit: "市监局", rule: "投诉", state: "waiting", state_name: "待回访",
  created_at: "2026-11-20T02:00:00Z", next_at: "2026-11-20T02:00:00Z", attempts: 1, claimed_by: "",
};
const script = { ...task, version: 7, answer: "已整改。", questions: [{ code: "contacted", text: "联系过您吗？", kind: "yesno" }] };
let page: VueWrapper;
let claimed: Answer;
let reported: Answer;
let seen: Seen[];

beforeEach(async () => {
  claimed = script;
  reported = { ...task, state: "done" };
  let calls = 0;
  seen = serve({
    "GET /api/v1/followups/": () => (calls++ === 0 ? { results: [task], next: null, waiting: 1 } : { results: [], next: null, waiting: 0 }),
    "POST /api/v1/followups/5/claim/": () => claimed,
    "POST /api/v1/followups/5/called/": () => reported,
    "POST /api/v1/followups/5/link/": { url: "https://x/survey?t=abc" },
    [`GET /api/v1/cases/${one.number}/`]: one,
  });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "<i/>" } }] });
  page = mount(FollowUpPage, { attachTo: document.body, global: { plugins: [wordsFor({ staff }), router] } });
  await flushPromises();
});
afterEach(() => page.unmount());

async function open(): Promise<void> {
  await page.get(`[data-testid=followup-${one.number}]`).trigger("click");
  await flushPromises();
}

it("claims a call, asks the script, and sends what was said", async () => {
  await open();
  expect(page.text()).toContain("联系过您吗？");
  await page.get("[data-testid=contacted-yes]").setValue();
  await page.get("[data-testid=grade-4]").setValue();
  await page.get("[data-testid=solved-yes]").setValue();
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ path }) => path.endsWith("/called/"))?.body).toEqual({
    version: 7, reached: true, grade: 4, solved: "yes", comment: "", answers: { contacted: "yes" },
  });
  expect(page.text()).toContain("回访结果已记录");
  expect(page.text()).toContain("没有待回访的工单");
});

it("wants a grade from somebody who was reached, and none from others", async () => {
  await open();
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(page.get("[data-testid=field-error]").text()).toContain("请选择");
  await page.get("[data-testid=grade-4]").setValue();
  expect(page.find("[data-testid=field-error]").exists()).toBe(false);
  await page.get("[data-testid=reached-no]").setValue();
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ path }) => path.endsWith("/called/"))?.body).toMatchObject({ reached: false, grade: null, answers: {} });
});

it("says who has the call, and keeps what was typed after a refusal", async () => {
  claimed = problem(409, "follow_up_taken", "同事正在回访");
  await open();
  expect(page.text()).toContain("同事正在回访");
});

it("gives a link to the survey", async () => {
  await open();
  await page.get("[data-testid=followup-link]").trigger("click");
  await flushPromises();
  expect(page.text()).toContain("https://x/survey?t=abc");
});
