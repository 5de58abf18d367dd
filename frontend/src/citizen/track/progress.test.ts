import { expect, it } from "vitest";
import citizen from "@/i18n/zh-CN/citizen";
import { sentenceOf, stageIndex, STAGES } from "./progress";

it("puts every state at its stage", () => {
  expect(stageIndex("needs_triage")).toBe(0);
  expect(stageIndex("in_progress")).toBe(STAGES.indexOf("working"));
  expect(stageIndex("closed")).toBe(STAGES.length - 1);
});

it("names the office where one acted, says it plainly where none is given, and keeps unknown kinds readable", () => {
  const step = { kind_name: "签收", unit: "杭州市西湖区市场监督管理局" };
  expect(sentenceOf({ ...step, kind: "sign" })).toEqual({ text: "sign", unit: step.unit });
  expect(sentenceOf({ ...step, kind: "sign", unit: "" })).toEqual({ text: "signPlain", unit: "" });
  expect(sentenceOf({ ...step, kind: "supplement" })).toEqual({ text: "supplement", unit: step.unit });
  expect(sentenceOf({ kind: "extend", kind_name: "延期", unit: "" })).toEqual({ name: "延期" });
});

it("has a text for every sentence", () => {
  for (const kind of ["register", "route", "hold", "dispatch", "sign", "start", "reply", "close", "withdraw", "supplement", "attach"]) {
    for (const unit of ["", "某局"]) {
      const sentence = sentenceOf({ kind, kind_name: "", unit });
      expect("text" in sentence && citizen.track.step[sentence.text]).toBeTruthy();
    }
  }
});
