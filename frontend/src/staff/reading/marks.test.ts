import { expect, it } from "vitest";
import { highlight } from "./highlight";
import { mark, strengthOf } from "./marks";

const plain = (text: string) => [{ text, level: null }];

it("cuts at evidence and keeps the text whole", () => {
  const text = "牛奶过期三天，超市不退款";
  const pieces = mark(plain(text), [{ start: 0, end: 4, weight: 1 }, { start: 9, end: 12, weight: 0.4 }], null);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.filter(({ strength }) => strength).map(({ text: words, strength }) => [words, strength])).toEqual([
    ["牛奶过期", "strong"],
    ["不退款", "medium"],
  ]);
});

it("counts as the server does where a character takes two places", () => {
  const [first, second] = mark(plain("😀😀路灯"), [{ start: 2, end: 4, weight: 0.1 }], null);
  expect(first?.text).toBe("😀😀");
  expect(second).toMatchObject({ text: "路灯", strength: "weak" });
});

it("keeps urgency beside evidence, and the stronger of two phrases", () => {
  const pieces = highlight("电梯困人", [{ level: "U1", phrase: "困人" }]);
  const marked = mark(pieces, [{ start: 0, end: 4, weight: 0.2 }, { start: 1, end: 3, weight: 0.9 }], null);
  expect(marked.map(({ text, level, strength }) => [text, level, strength])).toEqual([
    ["电", null, "weak"],
    ["梯", null, "strong"],
    ["困", "U1", "strong"],
    ["人", "U1", "weak"],
  ]);
});

it("marks the stretch that is pointed at, on top of everything else", () => {
  const marked = mark(plain("灯坏了，还漏水"), [{ start: 4, end: 7, weight: 1 }], { start: 4, end: 7 });
  expect(marked).toEqual([
    { text: "灯坏了，", level: null, strength: null, pointed: false },
    { text: "还漏水", level: null, strength: "strong", pointed: true },
  ]);
  expect(mark([], [], { start: 0, end: 3 })).toEqual([]);
});

it("knows three strengths", () => {
  expect([1, 0.67, 0.5, 0.34, 0.2, 0].map(strengthOf)).toEqual(["strong", "strong", "medium", "medium", "weak", "weak"]);
});
