import type { VueWrapper } from "@vue/test-utils";
import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Component } from "vue";
import type { Mediation, Reward, Verification } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import { bodyOf, check, fieldsOf, startOf } from "./forms";
import MediationPanel from "./MediationPanel.vue";
import ReportPanel from "./ReportPanel.vue";

let panel: VueWrapper;
function show(component: Component, props: object): string {
  panel = mount(component, { props, global: { plugins: [wordsFor({ staff })] } });
  return panel.text();
}
beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-12-02T09:30:00Z") });
});
afterEach(() => {
  panel.unmount();
  vi.useRealTimers();
});

const open: Mediation = {
  begun_at: "2026-12-01T02:00:00Z", complainant_how_name: "电话", complainant_on: "2026-11-30", respondent_how_name: "当面", respondent_on: "2026-12-01",
  delegated_to: "", recusal_asked_at: null, recusal_asked_by_name: "", agreed_at: null, statement_number: "", terms: "", amount: null, performed: false,
  ended_at: null, ground: "", told_at: null, told_how_name: "",
  sessions: [
    { at: "2026-12-01T06:00:00Z", manner: "phone", manner_name: "电话", place: "", complainant_came: true, respondent_came: false, notes: "另约时间" },
    { at: "2026-12-05T06:00:00Z", manner: "on_site", manner_name: "现场", place: "调解室", complainant_came: null, respondent_came: null, notes: "" },
  ],
};

it("shows a mediation by what has become of it", () => {
  const running = show(MediationPanel, { mediation: open });
  for (const said of ["进行中", "投诉人到场，被投诉人未到场", "约定", "调解室", "另约时间"]) expect(running).toContain(said);
  expect(running).not.toContain("终止情形");
  panel.unmount();
  const ended = show(MediationPanel, { mediation: { ...open, sessions: [], ended_at: "2026-12-02T02:00:00Z", ground: "双方自行和解" } });
  for (const said of ["已终止", "双方自行和解", "尚未告知"]) expect(ended).toContain(said);
  panel.unmount();
  const rests = show(MediationPanel, { mediation: { ...open, recusal_asked_at: "2026-12-02T02:00:00Z" } });
  expect(rests).toContain("暂停，待决定回避");
});

it("shows a report's decision and says when a reward needs the finance department", () => {
  const verification: Verification = {
    begun_at: "2026-12-01T02:00:00Z", decided_at: "2026-12-02T02:00:00Z", filed: true, ground: "有证据", penalty_number: "第31号", findings: "现场查实",
    told_at: null, told_how_name: "", result_told_at: null, result_how_name: "", result_basis: "",
  };
  const reward: Reward = {
    level: "一级", percent: "5.00", fine: "10000000.00", insider_bonus: "0.00", amount: "500000.00", sanction_number: "第12号", finance_from: "500000.00",
    finance_approval: "", state: "proposed", state_name: "待审批", proposed_at: "2026-12-02T02:00:00Z", decided_at: null, paid_at: null, code: "",
  };
  const said = show(ReportPanel, { verification, reward });
  for (const words of ["立案", "第31号", "500,000 元", "5%", "须财政批准", "待审批"]) expect(said).toContain(words);
  panel.unmount();
  expect(show(ReportPanel, { verification, reward: { ...reward, amount: "10000.00" } })).not.toContain("须财政批准");
});

it("asks who came only of a session that was held", () => {
  const start = startOf("mediation_session", detail(1));
  const ahead = { ...start, at: "2026-12-05T10:00", manner: "on_site" };
  expect(fieldsOf("mediation_session", ahead).map(({ name }) => name)).toEqual(["at", "manner", "place"]);
  expect(bodyOf("mediation_session", ahead)).toEqual({ at: "2026-12-05T10:00:00+08:00", manner: "on_site", place: "" });
  const held = { ...start, at: "2026-12-02T10:00", manner: "phone" };
  expect(Object.keys(check("mediation_session", held)).sort()).toEqual(["complainant_came", "respondent_came"]);
  expect(bodyOf("mediation_session", { ...held, complainant_came: "yes", respondent_came: "no" })).toMatchObject({ complainant_came: true, respondent_came: false });
});

it("asks for the number of a penalty case only where one is opened", () => {
  const start = startOf("decide_report", detail(1));
  const filed = { ...start, filed: "yes", ground: "violation", penalty_number: "第31号", text: "查实" };
  expect(bodyOf("decide_report", filed)).toEqual({ filed: true, ground: "violation", penalty_number: "第31号", text: "查实" });
  expect(bodyOf("decide_report", { ...filed, filed: "no", ground: "minor" })).toEqual({ filed: false, ground: "minor", text: "查实" });
});
