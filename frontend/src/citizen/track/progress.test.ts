import { expect, it } from "vitest";
import citizen from "@/i18n/zh-CN/citizen";
import { detail } from "@/testing/samples";
import { lastOf, ratingOfLatest, sentenceOf, stageIndex, STAGES } from "./progress";

it("puts every state at its stage", () => {
  expect(stageIndex("needs_triage")).toBe(0);
  expect(stageIndex("in_progress")).toBe(STAGES.indexOf("working"));
  expect(stageIndex("suspended")).toBe(STAGES.indexOf("working"));
  expect(stageIndex("closed")).toBe(STAGES.length - 1);
  for (const state of ["rejected", "handed_over", "merged", "withdrawn"] as const) expect(stageIndex(state)).toBeNull();
});

it("names the office where one acted, says it plainly where none is given, and keeps unknown kinds readable", () => {
  const step = { kind_name: "签收", unit: "杭州市西湖区市场监督管理局" };
  expect(sentenceOf({ ...step, kind: "sign" })).toEqual({ text: "sign", unit: step.unit });
  expect(sentenceOf({ ...step, kind: "sign", unit: "" })).toEqual({ text: "signPlain", unit: "" });
  expect(sentenceOf({ ...step, kind: "supplement" })).toEqual({ text: "supplement", unit: step.unit });
  expect(sentenceOf({ kind: "extend", kind_name: "延期", unit: "" })).toEqual({ name: "延期" });
});

it("has a text for every sentence", () => {
  for (const kind of ["register", "route", "hold", "dispatch", "sign", "start", "reply", "close", "withdraw", "supplement", "attach", "accept", "ask_supplement", "adjudicate", "refuse", "hand_over", "reopen", "merge", "split"]) {
    for (const unit of ["", "某局"]) {
      const sentence = sentenceOf({ kind, kind_name: "", unit });
      expect("text" in sentence && citizen.track.step[sentence.text]).toBeTruthy();
    }
  }
});

it("finds the request that stands", () => {
  const step = { id: 1, version: 1, kind: "ask_supplement", kind_name: "", at: "", actor: "", unit: "", from_state: "", to_state: "", to_state_name: "", reason: "", note: "小票", until: "2026-11-30" };
  expect(lastOf([step, { ...step, id: 2, note: "合同" }, { ...step, id: 3, kind: "note" }], "ask_supplement")?.note).toBe("合同");
  expect(lastOf([], "refuse")).toBeUndefined();
});

it("knows which grade belongs to the latest answer", () => {
  const said = { at: "2026-11-22T03:00:00Z", by_phone: false, reached: true, grade: 2, solved: "no", comment: "" } as const;
  const reply = (at: string) => ({ unit: "某局", text: "已处理", at });
  const first = detail(1, { replies: [reply("2026-11-22T02:00:00Z")], satisfaction: [said] });
  expect(ratingOfLatest(first)?.grade).toBe(2);
  expect(ratingOfLatest({ ...first, replies: [...first.replies, reply("2026-11-22T04:00:00Z")] })).toBeUndefined();
  expect(ratingOfLatest({ ...first, satisfaction: [{ ...said, by_phone: true }] })).toBeUndefined();
});
