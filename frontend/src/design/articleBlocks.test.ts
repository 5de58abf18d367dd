import { expect, it } from "vitest";
import { blocksOf } from "./articleBlocks";

const plain = (body: string): string[] => blocksOf(body).map(({ kind, lines }) => `${kind}:${lines.map((line) => line.map(({ text, strong }) => (strong ? `<${text}>` : text)).join("")).join("|")}`);

it("knows headings, lists and what stands out, and nothing else", () => {
  expect(plain("可以**退货**。\n第二行\n\n## 请准备\n- 合同\n- **小票**\n1. 先\n2. 后")).toEqual([
    "paragraph:可以<退货>。|第二行", "heading:请准备", "bullets:合同|<小票>", "numbers:先|后",
  ]);
});

it("leaves half a mark and HTML as the text that it is", () => {
  expect(plain("<b>x</b> **半个")).toEqual(["paragraph:<b>x</b> **半个"]);
  expect(plain("  \n\n")).toEqual([]);
});
