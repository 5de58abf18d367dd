import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import RulesPage from "./RulesPage.vue";
import { cleanCheck, sampleDetail, sampleRule, sampleSet, sampleSimulation, sampleVocabulary } from "./samples";
import { LOOK_MS } from "./useSimulation";

const words = staff.rules;
const API = "/api/v1/routing";
const force = sampleSet(1, { state: "active", state_name: "启用", in_force: true, actions: ["simulate", "copy"] });
const draft = sampleSet(2);
const rules = [sampleRule(1), sampleRule(2, { code: "P05", priority: 100, conditions: [], shipped: true })];

let answers: Record<string, Answer | ((seen: Seen) => Answer)>;
let seen: Seen[];
let page: VueWrapper;

const at = (id: string) => page.get(`[data-testid="${id}"]`);
const inBody = (id: string) => [...document.querySelectorAll<HTMLInputElement>(`[data-testid="${id}"]`)].at(-1) as HTMLInputElement;
const asked = (method: string) => seen.filter((one) => one.method === method).map(({ path, body }) => [path.replace(API, ""), body]);

async function fill(id: string, value: string): Promise<void> {
  const field = inBody(id);
  field.value = value;
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
  await flushPromises();
}
async function press(id: string): Promise<void> {
  inBody(id).click();
  await flushPromises();
}

async function open(address = "/rules/2"): Promise<void> {
  seen = serve(answers);
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/rules/:number?", component: RulesPage, props: ({ params }) => ({ number: Number(params.number) || null }) },
      { path: "/:rest(.*)*", component: { template: "<p />" } },
    ],
  });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  Element.prototype.scrollIntoView = vi.fn();
  answers = {
    [`GET ${API}/rulesets/`]: [200, [draft, force]],
    [`GET ${API}/vocabulary/`]: sampleVocabulary,
    [`GET ${API}/rulesets/1/`]: sampleDetail(force, rules),
    [`GET ${API}/rulesets/2/`]: sampleDetail(draft, rules),
    [`GET ${API}/rulesets/1/diff/`]: [200, []],
    [`GET ${API}/rulesets/2/diff/`]: [200, [{ code: "P05-1", kind: "added", topic: "P05", topic_name: "日用品", before: "", after: "如果", fields: [] }]],
    [`GET ${API}/rulesets/1/check/`]: cleanCheck,
    [`GET ${API}/rulesets/2/check/`]: cleanCheck,
    "GET /api/v1/regions/": [200, [{ code: "330106", name: "西湖区", level: "county", parent: null }]],
  };
});
afterEach(() => {
  page.unmount();
  vi.useRealTimers();
});

it("opens the set in force, which nobody edits, and says when rules of it are broken", async () => {
  answers[`GET ${API}/rulesets/`] = [200, [draft, { ...force, broken: 2 }]];
  await open("/rules");
  expect(page.text()).toContain(words.sets.readOnly);
  expect(at("rules-alarm").text()).toContain("2 条出错");
  for (const id of ["rule-add", "edit-P05", "up-P05", "rules-activate", "rules-discard"]) expect(page.find(`[data-testid="${id}"]`).exists()).toBe(false);
  expect(at("rule-P05-1").text()).toMatch(/如果.*问题性质：标签标识.*牵头.*市场监督管理局/);
});

it("changes a rule, tells a refusal at its field and keeps what was typed", async () => {
  answers[`PUT ${API}/rulesets/2/rules/1/`] = problem(400, "rule_wrong", "取值不对", { "conditions.0": ["没有这个取值。"], lead: ["目前没有部门。"] });
  await open();
  await press("edit-P05-1");
  await fill("form-lead", "agri");
  await press("rule-save");
  expect(inBody("condition-1").textContent).toContain("没有这个取值。");
  expect(inBody("form-lead").value).toBe("agri");
  answers[`PUT ${API}/rulesets/2/rules/1/`] = sampleRule(1, { lead: "agri" });
  await press("rule-save");
  expect(asked("PUT")[1]).toEqual(["/rulesets/2/rules/1/", expect.objectContaining({ lead: "agri", stamp: "stamp-1", valid_from: null })]);
  expect(at("rules-said").text()).toContain("P05-1");
});

it("wants topic and department of a new rule before it asks the server", async () => {
  await open();
  await press("rule-add");
  await press("rule-save");
  expect(inBody("rule-form").textContent).toContain(words.form.missing.topic);
  expect(inBody("rule-form").textContent).toContain(words.form.missing.lead);
  expect(document.activeElement).toBe(inBody("form-topic"));
  expect(asked("POST")).toEqual([]);
});

it("after somebody was faster the form stays and the next try shows what stands there now", async () => {
  answers[`PUT ${API}/rulesets/2/rules/1/`] = problem(409, "stale_version", "规则刚被他人修改");
  await open();
  await press("edit-P05-1");
  await fill("form-priority", "33");
  answers[`GET ${API}/rulesets/2/`] = sampleDetail(draft, [sampleRule(1, { stamp: "newer" })]);
  await press("rule-save");
  expect(inBody("rule-form").textContent).toContain(words.form.stale);
  await press("rule-save");
  expect(asked("PUT").map(([, body]) => (body as { stamp: string; priority: number }).stamp)).toEqual(["stamp-1", "newer"]);
  expect(inBody("form-priority").value).toBe("33");
});

it("makes a draft of a set and goes there; the dialog is gone", async () => {
  answers[`POST ${API}/rulesets/`] = [201, draft];
  await open("/rules/1");
  await press("rules-copy");
  await press("dialog-confirm");
  expect(asked("POST")).toEqual([["/rulesets/", { of: 1, name: "第 1 号规则集的修改稿" }]]);
  expect(page.find('[data-testid="rule-add"]').exists()).toBe(true);
  const open_ = [...document.querySelectorAll<HTMLElement>(".el-overlay")].filter(({ style }) => style.display !== "none" && !style.cssText.includes("none"));
  expect(open_.map(({ className }) => className).filter((name) => !name.includes("leave"))).toEqual([]);
});

it("adds a rule from a template and puts one in another order", async () => {
  answers[`POST ${API}/rulesets/2/rules/`] = [201, sampleRule(3)];
  answers[`POST ${API}/rulesets/2/order/`] = [200, {}];
  await open();
  await fill("rule-template", "issue");
  await fill("form-topic", "P05");
  await fill("condition-values", "price");
  await fill("form-lead", "samr");
  await press("rule-save");
  await press("down-P05-1");
  expect(asked("POST")).toEqual([
    ["/rulesets/2/rules/", expect.objectContaining({ topic: "P05", priority: 30, conditions: [{ field: "issue", op: "is", values: ["price"] }] })],
    ["/rulesets/2/order/", { topic: "P05", rules: [2, 1], stamp: "topic-stamp" }],
  ]);
});

it("activates only what is ready, with a reason and a day, and says why not", async () => {
  answers[`GET ${API}/rulesets/2/check/`] = { ...cleanCheck, ready: false, lost_cells_count: 3, lost_cells: [{ topic: "V05", region: "330106" }], grid: { cities: [{ code: "330100", name: "杭州市", places: 13 }], rows: [{ topic: "V05", uncovered: [3], lost: [3] }] } };
  await open();
  expect(at("rules-activate").attributes("disabled")).toBeDefined();
  expect(at("check").text()).toContain("3 个主题与地区组合会没有单位承办");
  expect(at("found-lost").text()).toContain("餐饮油烟 × 西湖区");
  expect(at("grid").text()).toContain("杭州市");
  answers[`GET ${API}/rulesets/2/check/`] = cleanCheck;
  answers[`POST ${API}/rulesets/2/activate/`] = { ...draft, state: "active" };
  page.unmount();
  await open();
  await press("rules-activate");
  await press("dialog-confirm");
  expect(asked("POST")).toEqual([]);
  await fill("activate-from", "2027-01-01");
  await fill("dialog-text", "机构改革");
  await press("dialog-confirm");
  expect(asked("POST")).toEqual([["/rulesets/2/activate/", { effective_from: "2027-01-01", reason: "机构改革" }]]);
});

it("follows a simulation to its report", async () => {
  answers[`GET ${API}/simulations/`] = [200, []];
  answers[`POST ${API}/simulations/`] = [202, sampleSimulation()];
  answers[`GET ${API}/simulations/7/`] = sampleSimulation({ state: "running", done: 250, total: 1000 });
  await open();
  await press("panel-simulate");
  await press("simulate-start");
  expect(asked("POST")).toEqual([["/simulations/", { ruleset: 2, cases: 1000 }]]);
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(at("simulate").get("progress").attributes("value")).toBe("250");
  const empty = { ruleset: 2, against: 1, unreachable: [], conflicts: [], broken: [], uncovered_count: 0, uncovered: [], lost_cells_count: 0, lost_cells: [], bureaus: [] };
  answers[`GET ${API}/simulations/7/`] = sampleSimulation({
    state: "done",
    report: {
      ...empty, cases: 1000, changed_cases: 4, to_triage: 1, from_triage: 0, units: [{ name: "西湖区市场监管局", before: 9, after: 5, change: -4 }],
      changed: [{ case: "20261122-000123-4", from_unit: "西湖区市场监管局", to_unit: "", rule_from: "P05", rule_to: "" }],
    },
  });
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(at("simulate-summary").text()).toContain("1000 件中 4 件结果不同");
  expect(at("simulate").text()).toContain("−4");
  expect(at("simulate-changed").get("a").attributes("href")).toBe("/cases/20261122-000123-4");
  expect(at("simulate-changed").text()).toContain(words.simulate.desk);
  const before = seen.length;
  await vi.advanceTimersByTimeAsync(5 * LOOK_MS);
  expect(seen.length).toBe(before);
});

it("tries a case by the draft or by the set in force", async () => {
  const card = {
    number: "", decided_at: "", lead: "西湖区农业农村局", level: "county", supervisor: "", enforcer: "", facts: [], rule: { code: "P05-1", version: 2, ruleset: 1, text: "主题 P05：农业农村局牵头。" },
    jurisdiction: ["由西湖区办理。"], list_entry: "", basis: "某法", source: "", participants: [{ name: "公安局", why: "按名单参与：公安局。" }], notes: [],
  };
  answers[`POST ${API}/rulesets/1/try/`] = card;
  await open();
  await press("panel-trial");
  await fill("trial-topic", "P05");
  await press("trial-add");
  await fill("trial-field", "issue");
  await fill("trial-value", "label");
  await fill("trial-by", "force");
  await press("trial-run");
  expect(asked("POST")).toEqual([["/rulesets/1/try/", expect.objectContaining({ topic: "P05", sub_fields: { issue: "label" } })]]);
  for (const said of ["西湖区农业农村局", "由西湖区办理。", "某法", "按名单参与"]) expect(at("trial-answer").text()).toContain(said);
});
