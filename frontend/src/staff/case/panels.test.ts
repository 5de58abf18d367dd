import type { VueWrapper } from "@vue/test-utils";
import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Component } from "vue";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { clock, detail, party } from "@/testing/samples";
import ClocksPanel from "./ClocksPanel.vue";
import LinksPanel from "./LinksPanel.vue";
import OutcomePanel from "./OutcomePanel.vue";
import PartiesPanel from "./PartiesPanel.vue";
import RequestsPanel from "./RequestsPanel.vue";

let panel: VueWrapper;
function show(component: Component, props: object): void {
  const stubs = { RouterLink: { props: ["to"], template: '<a :href="to"><slot /></a>' } };
  panel = mount(component, { props, global: { plugins: [wordsFor({ staff })], stubs } });
}
beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-12-02T09:30:00Z") });
});
afterEach(() => {
  panel.unmount();
  vi.useRealTimers();
});

it("puts the lead first, makes who owes an answer stand out, and shows what the others said", () => {
  show(PartiesPanel, {
    detail: detail(1, {
      parties: [
        party(8), party(9, { status: "signed" }), party(10, { status: "replied", status_name: "已反馈", answer: "未见异常" }),
        party(7, { part: "lead", status: "signed" }), party(11, { active: false, status: "returned", status_name: "已退回", reason: "不涉及" }),
      ],
    }),
  });
  expect(panel.find('[data-testid^="party-"]').attributes("data-testid")).toBe("party-7");
  expect(panel.get('[data-testid="lead"]').text()).toBe("第 7 局");
  expect(panel.findAll(".owes").map((row) => row.attributes("data-testid"))).toEqual(["party-8", "party-9"]);
  expect(panel.get('[data-testid="party-8"]').text()).toContain(staff.case.owesSign);
  expect(panel.get('[data-testid="party-9"]').text()).toContain(staff.case.owes);
  expect(panel.get('[data-testid="party-10"]').text()).toContain("未见异常");
  expect(panel.get("details").text()).toContain("不涉及");
});

it("shows after the end who did what, as nobody owes anything any more", () => {
  const parties = [party(7, { part: "lead", active: false }), party(8, { active: false }), party(9, { active: false, status: "returned" })];
  show(PartiesPanel, { detail: detail(1, { parties }) });
  expect(panel.get('[data-testid="lead"]').text()).toBe("第 7 局");
  expect(panel.findAll('[data-testid^="party-"]')).toHaveLength(2);
  expect(panel.find(".owes").exists()).toBe(false);
  expect(panel.get("details").text()).toContain("第 9 局");
});

it("says that no unit is named yet when the case came back", () => {
  show(PartiesPanel, { detail: detail(1, { lead: null, parties: [party(7, { part: "lead", active: false, status: "returned" })] }) });
  expect(panel.get('[data-testid="lead"]').text()).toBe(staff.queue.noLead);
});

it("counts deadlines down in words, the nearest first, with the rule behind each", () => {
  show(ClocksPanel, {
    clocks: [
      clock("hot.handle"), clock("hot.urgent", { label: "联系诉求人", state: "overdue", due_at: "2026-12-02T06:30:00Z" }),
      clock("hot.part", { label: "参与单位答复", state: "paused", paused: true, unit: { id: 8, name: "第 8 局" } }),
      clock("hot.sign", { label: "签收", state: "met" }),
    ],
  });
  const entries = panel.findAll("div.entry").map((entry) => entry.text());
  expect(entries).toHaveLength(3);
  expect(entries[0]).toContain("已超 3小时");
  expect(entries[1]).toContain("还剩 2天");
  expect(entries[1]).toContain("某办法第九条");
  expect(entries[2]).toContain("暂停计时");
  expect(panel.get("details").text()).toContain("按时完成");
});

it("says what was asked for and that a decision is waited for", () => {
  const request = { kind: "extension", kind_name: "延期", state: "asked", state_name: "已申请", asked_at: "2026-11-22T02:00:00Z", working_days: 5, until: null, reason: "需要检测", decided_at: null };
  show(RequestsPanel, { requests: [request, { ...request, asked_at: "2026-11-20T02:00:00Z", state: "refused", state_name: "不同意" }] });
  const entries = panel.findAll(".entry").map((entry) => entry.text());
  expect(entries[0]).toContain("5 个工作日");
  expect(entries[0]).toContain(staff.case.waiting);
  expect(entries[1]).toContain("不同意");
});

it("leads to the cases that belong to this one", () => {
  show(LinksPanel, { linked: [{ kind: "split_off", kind_name: "拆出", number: "20261122-000002-1", state: "signed", state_name: "已签收" }] });
  expect(panel.get("a").attributes("href")).toBe("/cases/20261122-000002-1");
  expect(panel.text()).toContain("已签收");
});

it("shows what is stated of the outcome and nothing that is not, and what the citizen says", () => {
  const outcome = { solved: "yes", solved_name: "已解决", ground: "", why_not: "", claimed: null, recovered: "120.50", advance_compensation: false, sanction_number: "", mediation_number: "" };
  const said = { at: "2026-11-22T02:00:00Z", by_phone: false, reached: true, grade: 2, solved: "partly", comment: "太慢" };
  show(OutcomePanel, { outcome, ratings: [said, { ...said, at: "2026-11-23T02:00:00Z", by_phone: true, reached: false, grade: null, solved: "", comment: "" }] });
  expect(panel.findAll("dd").map((value) => value.text())).toEqual(["已解决", "120.50 元"]);
  expect(panel.text()).toContain("不满意");
  expect(panel.text()).toContain("太慢");
  expect(panel.text()).toContain("未接通");
});
