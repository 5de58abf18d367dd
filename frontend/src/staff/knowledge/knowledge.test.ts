import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Component } from "vue";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import ArticleForm from "./ArticleForm.vue";
import ArticlePage from "./ArticlePage.vue";
import KnowledgePage from "./KnowledgePage.vue";

const content = {
  version: 2, title: "路灯不亮", questions: ["路灯坏了"], body: "请**报修**。", topics: [{ code: "E04", name: "市政" }], region: null, basis: "条例第三条",
  source: "", valid_from: "2024-01-01", valid_to: null, written_by: "小林", written_at: "2026-11-20T02:00:00Z",
};
const article = {
  code: "street-light", unit: { id: 1, name: "城管局" }, state: "waiting", state_name: "待发布", review_due: null, review_overdue: false, expired: false,
  hits: 3, live: { ...content, version: 1, title: "路灯" }, latest: content, steps: [], votes: { helped: 2, failed: 1, reasons: {}, comments: [] },
  actions: ["revise", "release", "send_back"],
};
const row = {
  code: "street-light", title: "路灯不亮", topics: content.topics, region: null, unit: article.unit, state: "released", state_name: "已发布", valid_from: "2024-01-01",
  valid_to: null, review_due: "2025-01-01", expired: false, review_overdue: true, hits: 3, helped: 0, failed: 0,
  highlights: { title: [{ text: "路灯", hit: true }, { text: "不亮", hit: false }], text: [] },
};
let page: VueWrapper | undefined;
let moved: Answer;
let seen: Seen[];

beforeEach(() => {
  moved = { ...article, state: "released", live: content, actions: ["revise"] };
  seen = serve({
    "GET /api/v1/topics/": [{ code: "E04", name: "市政", domain: "engineering" }],
    "GET /api/v1/regions/": [],
    "GET /api/v1/knowledge/": { results: [row], next: null, may_write: true },
    "GET /api/v1/knowledge/street-light/": article,
    "PATCH /api/v1/knowledge/street-light/": problem(400, "wrong_region", "不行", { region: ["请选择责任单位所在的地区"] }),
    "POST /api/v1/knowledge/street-light/release/": () => moved,
    "POST /api/v1/knowledge/street-light/send_back/": () => moved,
    "POST /api/v1/knowledge/street-light/vote/": {},
  });
});
afterEach(() => page?.unmount());

async function show(component: Component, props: object): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "<i/>" } }] });
  page = mount(component, { props, attachTo: document.body, global: { plugins: [wordsFor({ staff }), router] } });
  await flushPromises();
  return page;
}

it("lists what is in force with hits and marks what has to be looked through", async () => {
  const list = await show(KnowledgePage, { asked: { q: "路灯" } });
  expect(list.get("mark").text()).toBe("路灯");
  expect(list.get("[data-testid=article-street-light]").text()).toContain("已过复核日期");
  expect(list.find("[data-testid=article-new]").exists()).toBe(true);
});

it("shows the waiting version beside the one that is read, and releases it", async () => {
  const one = await show(ArticlePage, { code: "street-light" });
  expect(one.text()).toContain("尚未发布的新版本");
  expect(one.get(".article strong").text()).toBe("报修");
  await one.get("[data-testid=article-release]").trigger("click");
  await flushPromises();
  expect(seen.find(({ path }) => path.endsWith("/release/"))?.body).toEqual({ version: 2, reason: "" });
  expect(one.text()).not.toContain("尚未发布的新版本");
});

it("says why a release is refused", async () => {
  moved = problem(403, "own_writing", "自己撰写的内容须由他人发布。");
  const one = await show(ArticlePage, { code: "street-light" });
  await one.get("[data-testid=article-release]").trigger("click");
  await flushPromises();
  expect(one.text()).toContain("自己撰写的内容须由他人发布。");
});

it("asks for a reason when an article did not help", async () => {
  const one = await show(ArticlePage, { code: "street-light" });
  await one.get("[data-testid=vote-no]").trigger("click");
  expect(one.get("[data-testid=vote-send]").attributes("disabled")).toBeDefined();
  await one.get("[data-testid=why-outdated]").setValue();
  await one.get("form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ path }) => path.endsWith("/vote/"))?.body).toMatchObject({ helpful: false, reason: "outdated" });
  expect(one.find("[data-testid=vote-thanks]").exists()).toBe(true);
});

it("tells at the field what is wrong and keeps what was typed", async () => {
  const form = await show(ArticleForm, { code: "street-light" });
  await form.get("[data-testid=article-title]").setValue("");
  await form.get("form").trigger("submit");
  expect(form.get("[data-testid=field-error]").text()).toBe("请填写。");
  await form.get("[data-testid=article-title]").setValue("路灯坏了");
  await form.get("form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ method }) => method === "PATCH")?.body).toMatchObject({ version: 2, title: "路灯坏了", topics: ["E04"], questions: ["路灯坏了"] });
  expect(form.get("[data-testid=field-error]").text()).toContain("责任单位所在的地区");
  expect((form.get("[data-testid=article-title]").element as HTMLInputElement).value).toBe("路灯坏了");
});
