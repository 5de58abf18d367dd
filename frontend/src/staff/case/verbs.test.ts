import { expect, it } from "vitest";
import staff from "@/i18n/zh-CN/staff";
import { FORMS } from "./forms";
import { buttonsFor } from "./verbs";

const LEAD_AT_WORK = [
  "refuse", "ask_supplement", "reply", "invite", "waive", "request_extension", "request_suspension", "begin_appraisal", "hand_over",
  "refer_crime", "note", "reveal",
];

it("offers what the server allows, the step forward first and standing out", () => {
  expect(buttonsFor(["sign", "return", "note", "reveal"])).toEqual({
    bar: [
      { verb: "sign", look: "main" },
      { verb: "return", look: "danger" },
      { verb: "note", look: "side" },
    ],
    more: [],
  });
});

it("puts what has no room beside the step forward into the menu, each verb in one place", () => {
  const { bar, more } = buttonsFor(LEAD_AT_WORK);
  expect(bar.map(({ verb }) => verb)).toEqual(["reply", "waive", "ask_supplement", "note"]);
  expect(more).toEqual([
    { group: "units", verbs: ["invite"] },
    { group: "time", verbs: ["request_extension", "request_suspension", "begin_appraisal"] },
    { group: "end", verbs: ["refuse", "hand_over", "refer_crime"] },
  ]);
  expect(buttonsFor(LEAD_AT_WORK, 1).bar.map(({ verb }) => verb)).toEqual(["reply", "waive"]);
});

it("puts a decision that somebody waits for before everything else", () => {
  const { bar } = buttonsFor(["dispatch", "invite", "grant_extension", "refuse_extension", "level_up", "note", "merge", "split"]);
  expect(bar.slice(0, 2)).toEqual([
    { verb: "grant_extension", look: "main" },
    { verb: "refuse_extension", look: "side" },
  ]);
});

it("lets a dispatcher dispatch, has no main button when nothing moves the case, and ignores verbs it does not know", () => {
  expect(buttonsFor(["dispatch", "refuse", "merge"]).bar[0]).toEqual({ verb: "dispatch", look: "main" });
  expect(buttonsFor(["note", "fly"])).toEqual({ bar: [{ verb: "note", look: "side" }], more: [] });
  expect(buttonsFor([])).toEqual({ bar: [], more: [] });
});

it("has a place for every verb that has a form, and words for it", () => {
  for (const verb of [...Object.keys(FORMS), "sign", "sign_part", "accept", "start", "dispatch", "split"]) {
    const crowd = ["adjudicate", "refuse_extension", "refuse_suspension", "note", "dispatch", "invite", verb];
    const { bar, more } = buttonsFor([...new Set(crowd)]);
    const places = [...bar.map((button) => button.verb as string), ...more.flatMap(({ verbs }) => verbs as string[])];
    expect(places.filter((place) => place === verb)).toEqual([verb]);
    expect(staff.verb).toHaveProperty(verb);
  }
});
