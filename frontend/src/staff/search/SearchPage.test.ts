import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { row } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import { askedOf, withOne } from "./filters";
import SearchPage from "./SearchPage.vue";

const HIT = row(1, { highlights: { title: [], text: [{ text: "买的", hit: false }, { text: "牛奶", hit: true }, { text: "<b>坏</b>了", hit: false }] } });
let seen: Seen[];
let answer: object | [number, unknown];

beforeEach(() => {
  vi.useFakeTimers();
  answer = { results: [HIT], next: null, capped: false };
  seen = serve({ "GET /api/v1/topics/": [], "GET /api/v1/cases/": () => answer });
});
afterEach(() => {
  vi.useRealTimers();
});

async function open(path: string) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/search", component: SearchPage, props: ({ query }) => ({ asked: askedOf(query) }) },
      { path: "/cases/:number", component: { template: "<p/>" } },
    ],
  });
  await router.push(path);
  const page = mount({ template: "<RouterView />" }, { global: { plugins: [router, wordsFor({ staff })] }, attachTo: document.body });
  await flushPromises();
  return { page, router };
}

const asked = (): string[] => seen.filter(({ path }) => path === "/api/v1/cases/").map(({ query }) => query.toString());

it("asks once somebody stops typing, and puts the words into the address", async () => {
  const { page, router } = await open("/search");
  expect(page.text()).toContain("输入要找的词");
  for (const typed of ["牛", "牛奶", "牛奶 过期"]) await page.get("[data-testid=search-q]").setValue(typed);
  expect(asked()).toEqual([]);
  await vi.advanceTimersByTimeAsync(400);
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: "牛奶 过期" });
  expect(asked()).toEqual([new URLSearchParams({ q: "牛奶 过期", limit: "30" }).toString()]);
  page.unmount();
});

it("shows hits as text, never as markup", async () => {
  const { page } = await open("/search?q=牛奶");
  expect(page.findAll("mark").map((mark) => mark.text())).toEqual(["牛奶"]);
  expect(page.get(`[data-testid=hit-${HIT.number}]`).text()).toContain("买的牛奶<b>坏</b>了");
  expect(page.get("[data-testid=search-count]").text()).toBe("找到 1 件");
  page.unmount();
});

it("keeps filters in the address and clears them together", async () => {
  const { page, router } = await open("/search?q=牛奶&domain=product&topic=P01");
  await page.get("[data-testid=search-state]").setValue("closed");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: "牛奶", domain: "product", topic: "P01", state: "closed" });
  await page.get("[data-testid=search-clear]").trigger("click");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: "牛奶" });
  page.unmount();
});

it("goes on by cursor, and says when only the newest are listed", async () => {
  answer = { results: [HIT], next: "77", capped: true };
  const { page } = await open("/search?q=牛奶");
  answer = { results: [row(2)], next: null, capped: true };
  await page.get("[data-testid=search-more]").trigger("click");
  await flushPromises();
  expect(asked()[1]).toContain("cursor=77");
  expect(page.findAll("li")).toHaveLength(2);
  expect(page.text()).toContain("只列出其中最近的 2 件");
  page.unmount();
});

it("says that nothing was found, and what the server refused", async () => {
  answer = { results: [], next: null, capped: false };
  const first = await open("/search?q=没有");
  expect(first.page.text()).toContain("没有找到");
  first.page.unmount();
  answer = problem(400, "query_too_long", "最多 100 个字。");
  const second = await open("/search?q=长");
  expect(second.page.text()).toContain("最多 100 个字。");
  second.page.unmount();
});

it("drops the topic with its domain", () => {
  expect(withOne({ q: "a", domain: "product", topic: "P01" }, "domain", "service")).toEqual({ q: "a", domain: "service" });
});
