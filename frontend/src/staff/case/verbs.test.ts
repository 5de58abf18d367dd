import { expect, it } from "vitest";
import { buttonsFor } from "./verbs";

it("offers what the server allows, the step forward first and standing out", () => {
  expect(buttonsFor(["return", "sign", "note", "reveal"])).toEqual([
    { verb: "sign", look: "main" },
    { verb: "note", look: "plain" },
    { verb: "return", look: "danger" },
  ]);
  expect(buttonsFor(["start", "reply", "note"]).map(({ verb, look }) => `${verb}:${look}`)).toEqual([
    "start:main", "reply:plain", "note:plain",
  ]);
});

it("has no main button when nothing moves the case, and ignores verbs it does not know", () => {
  expect(buttonsFor(["note", "fly"])).toEqual([{ verb: "note", look: "plain" }]);
  expect(buttonsFor([])).toEqual([]);
});
