import { expect, it } from "vitest";
import { emptyMatter, missingIn, splitBody, startOfSplit } from "./split";

const unit = (id: number) => ({ id, name: `第 ${id} 局` });

it("starts with what is proposed, or with one empty matter", () => {
  expect(startOfSplit().matters).toEqual([emptyMatter()]);
  const proposed = { text: "油烟扰民", topic: "E01", lead: unit(8) };
  expect(startOfSplit([proposed]).matters).toEqual([{ ...proposed, participants: [] }]);
});

it("names what is missing as the server names it", () => {
  const draft = startOfSplit([{ text: " ", topic: "E01", lead: null }, { text: "无证经营", topic: "", lead: unit(7) }]);
  expect(missingIn(draft)).toEqual(["matters.0.text", "matters.0.lead", "matters.1.topic", "reason"]);
});

it("sends ids, and no lead unit as its own participant", () => {
  const matter = { text: " 油烟扰民 ", topic: "E01", lead: unit(8), participants: [unit(8), unit(9)] };
  expect(splitBody({ matters: [matter], reason: " 两件事 " })).toEqual({
    reason: "两件事", matters: [{ text: "油烟扰民", topic: "E01", lead: 8, participants: [9] }],
  });
});
