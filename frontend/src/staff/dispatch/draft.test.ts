import { expect, it } from "vitest";
import { detail } from "@/testing/samples";
import { checkDraft, dispatchOf, draftOf } from "./draft";

const unsure = {
  topic: "P01", confidence: 0.2, topics: [], intent: "complaint", urgency: "U4", urgency_hits: [], needs_review: true, model_version: "m",
};

it("leaves the topic to a person when the model was not sure", () => {
  expect(draftOf(detail(1, { state: "needs_triage", prediction: unsure, lead: null })).topic).toBe("");
  expect(draftOf(detail(1, { state: "needs_triage", prediction: { ...unsure, needs_review: false } })).topic).toBe("P01");
  expect(draftOf(detail(1, { state: "dispatched", prediction: unsure })).topic).toBe("P01");
});

it("wants topic, lead unit and reason", () => {
  const draft = draftOf(detail(1, { state: "needs_triage", prediction: unsure, lead: null }));
  expect(checkDraft({ ...draft, reason: " " })).toEqual({ topic: true, lead: true, reason: true });
  expect(checkDraft({ ...draft, topic: "P01", lead: { id: 7, name: "局" }, reason: "属地" })).toEqual({});
});

it("never sends the lead unit as a participant too", () => {
  const draft = { ...draftOf(detail(1)), lead: { id: 7, name: "甲" }, participants: [{ id: 7, name: "甲" }, { id: 8, name: "乙" }], reason: " 属地 " };
  expect(dispatchOf(draft)).toEqual({ lead: 7, participants: [8], topic: "P01", urgency: "U4", reason: "属地" });
  expect(() => dispatchOf({ ...draft, lead: null })).toThrow("lead unit");
});
