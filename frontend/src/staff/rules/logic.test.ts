import { describe, expect, it } from "vitest";
import type { Rule, Vocabulary } from "@/api/rules";
import type { Sought } from "./listing";
import { listed, stepped } from "./listing";
import { blankRule, bodyOf, copyOf, withField, withOp, writtenOf } from "./ruleForm";
import { sampleRule, sampleVocabulary } from "./samples";
import { trialOf } from "./trial";

const words: Vocabulary = sampleVocabulary;
const TODAY = "2026-11-22";
const rules: Rule[] = [
  sampleRule(1, { code: "P03-stage-farm", topic: "P03", topic_name: "食用农产品", sentence: "如果 环节：种植养殖 → 牵头 农业农村局" }),
  sampleRule(2, { code: "P03", topic: "P03", topic_name: "食用农产品", sentence: "→ 牵头 市场监督管理局", valid_to: "2026-11-21" }),
  sampleRule(3, { code: "V05", topic: "V05", topic_name: "餐饮油烟", sentence: "→ 牵头 生态环境局", error: "目前没有部门“x”。" }),
];
const seek = (more: Partial<Sought>) => listed(rules, { topic: "", words: "", only: "all", ...more }, new Set(["P03"]), TODAY).map(({ topic, rules: found, all }) => [topic, found.map(({ code }) => code), all.length]);

describe("the list", () => {
  it.each([
    [{}, [["P03", ["P03-stage-farm", "P03"], 2], ["V05", ["V05"], 1]]],
    [{ topic: "V05" }, [["V05", ["V05"], 1]]],
    [{ words: "农业 farm" }, [["P03", ["P03-stage-farm"], 2]]],
    [{ words: "农业 生态" }, []],
    [{ only: "broken" as const }, [["V05", ["V05"], 1]]],
    [{ only: "changed" as const }, [["P03", ["P03"], 2]]],
    [{ only: "ended" as const }, [["P03", ["P03"], 2]]],
  ])("%j", (sought, found) => expect(seek(sought)).toEqual(found));

  it("steps a rule up and down, not beyond the ends", () => {
    expect(stepped(rules, 2, -1)).toEqual([2, 1, 3]);
    expect(stepped(rules, 2, 1)).toEqual([1, 3, 2]);
    expect([stepped(rules, 1, -1), stepped(rules, 3, 1), stepped(rules, 9, 1)]).toEqual([null, null, null]);
  });
});

describe("the form", () => {
  it("sends back what stands in a rule, and empty days as none", () => {
    const rule = sampleRule(4, { valid_from: "2026-01-01", participants: [{ id: "police", name: "公安局" }] });
    expect(bodyOf(writtenOf(rule))).toEqual({
      topic: "P05", region: "", priority: 10, lead: "samr", level: "C", supervisor: "", enforcer: "", participants: ["police"],
      conditions: [{ field: "issue", op: "is", values: ["label"] }], list_entry: "", basis: "", source: "", valid_from: "2026-01-01", valid_to: null,
    });
    expect(copyOf(rule).valid_from).toBe("");
  });

  it("begins with a template without touching it", () => {
    const [template] = words.templates;
    const begun = blankRule("P05", template);
    begun.conditions[0]?.values.push("label");
    expect([begun.priority, begun.conditions, template?.conditions[0]?.values]).toEqual([30, [{ field: "issue", op: "is", values: ["label"] }], []]);
  });

  it("keeps only values that fit another comparison or field", () => {
    expect(withField(words, "deaths")).toEqual({ field: "deaths", op: "at_least", values: [] });
    const several = { field: "issue", op: "in", values: ["label", "price"] };
    expect(withOp(several, "is").values).toEqual(["label"]);
    expect(withOp(several, "not_in").values).toEqual(["label", "price"]);
    expect(withOp(several, "prefix").values).toEqual([]);
  });
});

it("a trial's facts go where the server wants them", () => {
  const facts = [["issue", "label"], ["flag", "dead"], ["flag", "media"], ["deaths", "2"], ["intent", "report"], ["", "x"], ["stage", ""]];
  const asked = trialOf({ topic: "P05", region: "330106", urgency: "U1", facts: facts.map(([field = "", value = ""]) => ({ field, op: "is", values: [value] })) });
  expect(asked).toEqual({
    topic: "P05", region: "330106", urgency: "U1", intent: "report", sub_fields: { issue: "label" }, flags: ["dead", "media"], numbers: { deaths: 2 },
  });
});
