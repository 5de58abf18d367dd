import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import type { Component } from "vue";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import { serve } from "@/testing/server";
import { bodyOf, startOf } from "./forms";
import LinkedCompany from "./LinkedCompany.vue";
import RefilingPanel from "./RefilingPanel.vue";

let panel: VueWrapper;
function show(component: Component, props: object): void {
  const stubs = { RouterLink: { props: ["to"], template: '<a :href="to"><slot /></a>' } };
  panel = mount(component, { props, global: { plugins: [wordsFor({ staff })], stubs } });
}
afterEach(() => panel.unmount());

it("tells that a case was filed again, by which signs, and the number only where it may be known", () => {
  show(RefilingPanel, {
    refilings: [
      { role: "first", number: "", days: 4, signs: ["person", "respondent"] },
      { role: "again", number: "20261122-000002-1", days: 9, signs: ["place"] },
    ],
  });
  expect(panel.text()).toContain("办结 4 天后又有同类反映（同一诉求人、同一被投诉主体）");
  expect(panel.text()).toContain(staff.respondents.refilings.hidden);
  expect(panel.findAll("a").map((link) => link.attributes("href"))).toEqual(["/cases/20261122-000002-1"]);
  expect(panel.text()).toContain(staff.respondents.refilings.note);
});

it("leads to the company and says how often it was complained about in the last year", async () => {
  const seen = serve({ "GET /api/v1/respondents/7/": { counts: { cases: 5, closed: 0, solved: 0, refiled: 0, repeat_offender: true } } });
  show(LinkedCompany, { linked: { company: { id: 7, name: "甲乙食品", uscc: "" }, how: "code", how_name: "按信用代码匹配", product: "纯牛奶", gtin: "6901234567892", lot: "L1" } });
  await flushPromises();
  expect(seen).toHaveLength(1);
  expect(panel.get("a").attributes("href")).toBe("/respondents/7");
  expect(panel.get('[data-testid="year"]').text()).toBe("该主体近一年 5 件");
  expect(panel.text()).toContain("批次 L1");
});

it("starts the form with what is linked already, and sends null when nobody is chosen", () => {
  const linked = { company: { id: 7, name: "甲乙食品", uscc: "" }, how: "code", how_name: "", product: "", gtin: "", lot: "" };
  const start = startOf("link_respondent", detail(1, { respondent: { ...detail(1).respondent, gtin: "6901234567892", linked } }));
  expect(bodyOf("link_respondent", { ...start, reason: "核对执照" })).toEqual({
    company: 7, gtin: "6901234567892", lot_number: "", product_name: "", model: "", reason: "核对执照",
  });
  expect(bodyOf("link_respondent", { ...start, company: [], reason: "弄错" }).company).toBeNull();
  show(RefilingPanel, { refilings: [] });
});
