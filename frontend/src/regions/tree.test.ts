import { expect, it } from "vitest";
import type { Region } from "@/api/types";
import { RegionTree } from "./tree";

const tree = new RegionTree([
  { code: "330000", name: "浙江省", level: "province", parent: null },
  { code: "330100", name: "杭州市", level: "city", parent: "330000" },
  { code: "330106", name: "西湖区", level: "county", parent: "330100" },
  { code: "440000", name: "广东省", level: "province", parent: null },
  { code: "441900", name: "东莞市", level: "city", parent: "440000" },
] satisfies Region[]);

it("goes down level by level", () => {
  expect(tree.provinces.map(({ name }) => name)).toEqual(["浙江省", "广东省"]);
  expect(tree.children("330000").map(({ code }) => code)).toEqual(["330100"]);
  expect(tree.children("441900")).toEqual([]);
  expect(tree.children("")).toEqual([]);
});

it("names a region in full and knows nothing of unknown codes", () => {
  expect(tree.fullName("330106")).toBe("浙江省杭州市西湖区");
  expect(tree.path("330106").map(({ code }) => code)).toEqual(["330000", "330100", "330106"]);
  expect(tree.fullName("999999")).toBe("");
});
