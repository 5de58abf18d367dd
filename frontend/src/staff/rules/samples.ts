import type { Check, Rule, RuleSet, RuleSetDetail, Simulation, Vocabulary } from "@/api/rules";

/** What tests of the page are fed with. */
export const sampleVocabulary: Vocabulary = {
  fields: [
    { field: "issue", name: "问题性质", kind: "choice", ops: [{ code: "is", name: "是" }, { code: "in", name: "是其中之一" }], values: [{ code: "label", name: "标签标识" }, { code: "price", name: "收费价格" }] },
    { field: "deaths", name: "死亡人数", kind: "number", ops: [{ code: "at_least", name: "至少（不低于）" }], values: [] },
  ],
  topics: [{ code: "P05", name: "日用品" }, { code: "V05", name: "餐饮油烟" }],
  bureaus: [{ code: "samr", name: "市场监督管理局" }, { code: "agri", name: "农业农村局" }],
  levels: [{ code: "C", name: "区县" }, { code: "M", name: "地市" }],
  templates: [{ code: "issue", name: "按问题性质", priority: 30, local: false, conditions: [{ field: "issue", op: "is", values: [] }] }],
  most_conditions: 8,
};

export function sampleRule(id: number, more: Partial<Rule> = {}): Rule {
  return {
    id, code: `P05-${id}`, version: 1, stamp: `stamp-${id}`, topic: "P05", topic_name: "日用品", region: "", region_name: "", priority: 10,
    conditions: [{ field: "issue", op: "is", values: ["label"], text: "问题性质：标签标识" }], lead: "samr", lead_name: "市场监督管理局", level: "C", level_name: "区县",
    supervisor: "", supervisor_name: "", enforcer: "", enforcer_name: "", participants: [], list_entry: "", basis: "", source: "",
    valid_from: null, valid_to: null, shipped: false, error: "", sentence: "如果 主题：日用品 → 牵头 市场监督管理局（区县）", ...more,
  };
}

export function sampleSet(number: number, more: Partial<RuleSet> = {}): RuleSet {
  return {
    number, name: "规则", state: "draft", state_name: "草稿", in_force: false, effective_from: null, replaced: null, created_at: "2026-11-01T00:00:00Z",
    created_by: "高工", changed_at: "2026-11-01T00:00:00Z", changed_by: "高工", rules: 2, escalations: 1, broken: 0, actions: ["simulate", "copy", "edit", "discard", "activate"], ...more,
  };
}

export function sampleDetail(set: RuleSet, rules: Rule[]): RuleSetDetail {
  return {
    ...set, rules, always: [{ code: "G1", label: "危及生命", sentence: "如果 紧急程度：特急 → 让单位参与", error: "" }],
    joining: [{ topic: "P05", bureau: "公安局", when: "" }], topics: [{ topic: "P05", stamp: "topic-stamp" }],
    history: [{ at: "2026-11-02T00:00:00Z", who: "高工", said: "新增规则 P05-1" }],
  };
}

export const cleanCheck: Check = {
  ready: true, against: 1, unreachable: [], conflicts: [], broken: [], uncovered_count: 0, lost_cells_count: 0, lost_cells: [], grid: { cities: [], rows: [] },
};

export function sampleSimulation(more: Partial<Simulation> = {}): Simulation {
  return { id: 7, ruleset: 2, cases: 1000, state: "waiting", done: 0, total: 0, error: "", created_at: "2026-11-03T00:00:00Z", report: null, ...more };
}
