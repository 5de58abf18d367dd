import { expect, it } from "vitest";
import { highlight } from "./highlight";

it("marks every occurrence of a phrase and keeps the text whole", () => {
  const text = "昨天着火了，今天又着火，没人管。";
  const pieces = highlight(text, [{ level: "U1", phrase: "着火" }, { level: "U3", phrase: "没人管" }]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.filter(({ level }) => level !== null)).toEqual([
    { text: "着火", level: "U1" },
    { text: "着火", level: "U1" },
    { text: "没人管", level: "U3" },
  ]);
});

it("lets the more urgent phrase win where two overlap, whatever their order", () => {
  const hits = [{ level: "U2", phrase: "电梯急坠" }, { level: "U1", phrase: "电梯困人" }, { level: "U1", phrase: "困人" }];
  expect(highlight("电梯困人", hits)).toEqual([{ text: "电梯困人", level: "U1" }]);
  expect(highlight("停电梯困", [{ level: "U2", phrase: "停电梯" }, { level: "U1", phrase: "电梯困" }])).toEqual([
    { text: "停", level: null },
    { text: "电梯困", level: "U1" },
  ]);
});

it("leaves a text without hits, and an empty one, alone", () => {
  expect(highlight("路灯不亮", [{ level: "U1", phrase: "着火" }, { level: "U1", phrase: "" }])).toEqual([{ text: "路灯不亮", level: null }]);
  expect(highlight("", [{ level: "U1", phrase: "着火" }])).toEqual([]);
});
