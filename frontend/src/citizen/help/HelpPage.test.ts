import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import AnswersHere from "@/citizen/answers/AnswersHere.vue";
import { go } from "@/citizen/shell/address";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import HelpPage from "./HelpPage.vue";

const live = {
  version: 1, title: "路灯不亮", questions: [], body: "请**报修**。\n- 灯杆编号", topics: [], region: null, basis: "条例", source: "", valid_from: "2024-01-01", valid_to: null,
  written_by: "", written_at: "2026-11-20T02:00:00Z",
};
let page: VueWrapper;
let one: Answer;
let found: Answer;
let seen: Seen[];

beforeEach(() => {
  window.history.replaceState(null, "", "/help");
  window.dispatchEvent(new PopStateEvent("popstate"));
  localStorage.clear();
  one = { code: "light", unit: { id: 1, name: "城管局" }, state: "released", live, latest: null, review_overdue: true, expired: false, actions: [], votes: {}, steps: [] };
  found = { results: [{ code: "light", title: "路灯不亮", highlights: null }], next: null, may_write: false };
  seen = serve({
    "GET /api/v1/knowledge/": () => found,
    "GET /api/v1/knowledge/light/": () => one,
    "POST /api/v1/knowledge/light/vote/": {},
    "POST /api/v1/knowledge/suggest/": () => found,
  });
});
afterEach(() => page.unmount());

async function show(): Promise<void> {
  page = mount(HelpPage, { attachTo: document.body, global: { plugins: [wordsFor({ citizen })] } });
  await flushPromises();
}

it("searches, opens an article, and a browser votes with the number that it keeps", async () => {
  await show();
  await page.get("[data-testid=help-q]").setValue("路灯");
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(seen.at(-1)?.query.get("q")).toBe("路灯");
  await page.get("[data-testid=help-light]").trigger("click");
  await flushPromises();
  expect(page.get("[data-testid=help-article]").text()).toContain("已过复核日期");
  expect(page.get(".article li").text()).toBe("灯杆编号");
  await page.get("[data-testid=vote-yes]").trigger("click");
  await flushPromises();
  const { visitor } = seen.at(-1)?.body as { visitor: string };
  expect(visitor).toMatch(/^[0-9a-f]{32}$/);
  expect(localStorage.getItem("zst-visitor")).toBe(visitor);
});

it("says in words that an article is gone", async () => {
  one = problem(404, "no_such_article", "没有这个条目");
  go("/help", { a: "light" });
  await show();
  expect(page.text()).toContain("已经撤下");
});

it("offers answers under the text, and nothing when none comes", async () => {
  found = { results: [{ code: "light", title: "路灯不亮", summary: "请报修", basis: "", review_overdue: false }] };
  page = mount(AnswersHere, { props: { text: "门口的路灯坏了一个月", topic: "E04" }, global: { plugins: [wordsFor({ citizen })] } });
  await flushPromises();
  expect(page.get("[data-testid=answer-light]").attributes("href")).toBe("/help?a=light");
  expect(seen.at(-1)?.body).toEqual({ text: "门口的路灯坏了一个月", topic: "E04" });
  found = brokenLine;
  await page.setProps({ topic: "V01" });
  await flushPromises();
  expect(page.find("[data-testid=answer-light]").exists()).toBe(true);
});
