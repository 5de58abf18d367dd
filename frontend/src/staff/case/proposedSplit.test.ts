import { flushPromises, mount } from "@vue/test-utils";
import { expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import { serve } from "@/testing/server";
import CasePage from "./CasePage.vue";

it("fills the split form with the matters that the model saw", async () => {
  const text = "牛奶过期。路灯坏了。";
  const one = detail(1, {
    text, actions: ["note", "split"],
    prediction: {
      topic: "P01", confidence: 0.8, intent: "complaint", urgency: "U4", urgency_hits: [], needs_review: false, model_version: "m1",
      topics: [{ code: "P01", name: "食品", probability: 0.8 }],
    },
  });
  const base = `/api/v1/cases/${one.number}`;
  const lead = { id: 7, name: "西湖区市场监督管理局" };
  serve({
    [`GET ${base}/`]: one,
    [`GET ${base}/events/`]: [],
    [`GET ${base}/matters/`]: {
      matters: [
        { start: 0, end: 5, text: "牛奶过期。", topic: { code: "P01", name: "食品" }, probability: 0.9, lead },
        { start: 5, end: 10, text: "路灯坏了。", topic: { code: "P01", name: "食品" }, probability: 0.7, lead: null },
      ],
    },
    "GET /api/v1/topics/": [{ code: "P01", domain: "product", name: "食品" }],
    "GET /api/v1/units/": [{ ...lead, bureau: "samr", region: "330106", level: "county" }],
    "GET /api/v1/suggestion/": { lead, participants: [], reasons: [] },
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "<i />" } }] });
  const page = mount(CasePage, { props: { number: one.number }, attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
  await page.get("[data-testid=insight-matters] h3 button").trigger("click");
  await flushPromises();
  await page.get("[data-testid=split-matters]").trigger("click");
  await flushPromises();
  const texts = [...document.querySelectorAll<HTMLTextAreaElement>("[data-testid=split-form] fieldset[data-testid^=matter-] textarea")];
  expect(texts.map(({ value }) => value)).toEqual(["牛奶过期。", "路灯坏了。"]);
  expect(document.querySelector("[data-testid=matter-0]")?.textContent).toContain(lead.name);
  page.unmount();
});
