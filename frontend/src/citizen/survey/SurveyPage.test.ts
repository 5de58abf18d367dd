import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import { go } from "@/citizen/shell/address";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import type { Answer } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import SurveyPage from "./SurveyPage.vue";

let page: VueWrapper;
afterEach(() => page.unmount());

async function open(survey: Answer, answer: Answer = [204, null]) {
  go("/survey", { t: "abc" });
  const seen = serve({ "GET /api/v1/survey/": survey, "POST /api/v1/survey/": answer });
  page = mount(SurveyPage, { attachTo: document.body, global: { plugins: [wordsFor({ citizen })] } });
  await flushPromises();
  return seen;
}

const about = { topic: "餐饮食品安全", unit: "西湖市监局", received_at: "2026-11-01T02:00:00Z", rated: false };

it("shows what it is about, and sends the grade with the token", async () => {
  const seen = await open(about);
  expect(page.text()).toContain("餐饮食品安全");
  await page.get("[data-testid=grade-2] input").setValue();
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(seen.at(-1)?.body).toEqual({ t: "abc", grade: 2, solved: "", comment: "" });
  expect(page.find("[data-testid=thanks]").exists()).toBe(true);
});

it("keeps the grade when it is refused, and shows no form for a dead link", async () => {
  await open(about, problem(409, "rated_already", "您已经评价过"));
  await page.get("[data-testid=grade-2] input").setValue();
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(page.text()).toContain("您已经评价过");
  expect((page.get("[data-testid=grade-2] input").element as HTMLInputElement).checked).toBe(true);
  page.unmount();
  await open(problem(404, "no_such_survey", "链接无效或已过期"));
  expect(page.text()).toContain("链接无效或已过期");
  expect(page.find("form").exists()).toBe(false);
  expect(page.get("a").attributes("href")).toBe("/track");
});

it("tries again when the line was cut", async () => {
  await open(brokenLine);
  serve({ "GET /api/v1/survey/": about });
  await page.get("button").trigger("click");
  await flushPromises();
  expect(page.text()).toContain("餐饮食品安全");
});
