import { describe, expect, it } from "vitest";
import { detail, party } from "@/testing/samples";
import type { Values } from "./forms";
import { bodyOf, check, EVERY_PARTY, fieldsOf, FORMS, isFormVerb, owing, startOf, versioned } from "./forms";

const shown = detail(1, { topic: { code: "P02", name: "餐饮" } });
const unit = (id: number) => ({ id, name: `第 ${id} 局` });

it("opens every form with a value for each of its fields, and finds what is missing", () => {
  for (const verb of Object.keys(FORMS).filter(isFormVerb)) {
    const start = startOf(verb, shown);
    expect(Object.keys(start).sort()).toEqual([...new Set(FORMS[verb].map(({ name }) => name))].sort());
    const chosen: unknown[] = ["authority", "police"]; // what stands there already
    const required = fieldsOf(verb, start).filter((field) => field.required && !chosen.includes(start[field.name]));
    expect(Object.keys(check(verb, start)).sort()).toEqual(required.map(({ name }) => name).sort());
  }
});

describe("what is known of the case", () => {
  it("stands in the form already", () => {
    const asked = { kind: "extension", kind_name: "延期", state: "asked", state_name: "已申请", asked_at: "2026-11-22T02:00:00Z", working_days: 5, until: null, reason: "检测", decided_at: null } as const;
    expect(startOf("grant_extension", detail(1, { requests: [asked] })).working_days).toBe("5");
    expect(startOf("adjudicate", shown).topic).toBe("P02");
    expect(startOf("waive", detail(1, { parties: [party(7, { part: "lead" }), party(8)] })).participant).toBe("8");
    expect(startOf("waive", detail(1, { parties: [party(8), party(9)] })).participant).toBe("");
  });

  it("tells who owes an answer", () => {
    const parties = [
      party(1, { part: "lead" }), party(2), party(3, { status: "signed" }), party(4, { status: "replied" }), party(5, { status: "waived" }),
      party(6, { active: false }),
    ];
    expect(owing(parties).map((row) => row.unit.id)).toEqual([2, 3]);
  });
});

describe("what is sent", () => {
  it("has the server's names and kinds", () => {
    const closing: Values = {
      reason: " 已和解 ", solved: "yes", advance_compensation: true, why_not: "x", claimed: "", recovered: "120.50", sanction_number: "", mediation_number: "",
    };
    expect(bodyOf("close", closing)).toEqual({
      reason: "已和解", solved: "yes", advance_compensation: true, claimed: null, recovered: "120.50", sanction_number: "", mediation_number: "",
    });
    expect(bodyOf("request_suspension", { reason: "等待裁定", until: "" })).toEqual({ reason: "等待裁定", until: null });
    expect(bodyOf("waive", { participant: "8", reason: "不影响" })).toEqual({ participant: 8, reason: "不影响" });
    expect(bodyOf("waive", { participant: EVERY_PARTY, reason: "不影响" })).toEqual({ participant: null, reason: "不影响" });
    expect(bodyOf("invite", { participants: [unit(8), unit(9)], reason: "涉及油烟" })).toEqual({ participants: [8, 9], reason: "涉及油烟" });
    expect(bodyOf("follow_up", { reached: "no", grade: "5", solved: "yes", comment: "" })).toEqual({ reached: false, comment: "" });
    expect(bodyOf("follow_up", { reached: "yes", grade: "5", solved: "", comment: "好" })).toEqual({ reached: true, grade: 5, solved: "", comment: "好" });
  });

  it("never names the lead unit as its own participant", () => {
    const ruling: Values = { lead: [unit(7)], participants: [unit(7), unit(8)], topic: "P02", basis: "食品安全法第六条", reason: "餐饮环节" };
    expect(bodyOf("adjudicate", ruling)).toMatchObject({ lead: 7, participants: [8] });
  });

  it("names the version only where the verb moves the case", () => {
    expect(versioned("reply", 3, { text: "x" })).toEqual({ version: 3, text: "x" });
    expect(versioned("reply_part", 3, { text: "x" })).toEqual({ text: "x" });
  });
});

it("asks why something is not solved, and takes only whole days and amounts of money", () => {
  const closing = { ...startOf("close", shown), reason: "办结", solved: "no" };
  expect(check("close", closing)).toEqual({ ground: "pick", why_not: "empty" });
  expect(check("close", { ...closing, solved: "yes", claimed: "12元", recovered: "3.333" })).toEqual({ claimed: "money", recovered: "money" });
  for (const days of ["0", "366", "2.5", "五"]) expect(check("request_extension", { reason: "检测", working_days: days })).toEqual({ working_days: "days" });
  expect(check("request_extension", { reason: "检测", working_days: "5" })).toEqual({});
});
