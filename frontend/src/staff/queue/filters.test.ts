import { expect, it } from "vitest";
import { asQueueFilter, filtersOf, withFilter } from "./filters";

it("reads the address and passes over what it does not know", () => {
  expect(filtersOf({ state: "signed", q: " 牛奶 ", urgency: "", page: "3", topic: ["P01", "P02"] })).toEqual({
    state: "signed", q: "牛奶",
  });
});

it("drops the topic with its domain, and a filter that was emptied", () => {
  expect(withFilter({ domain: "product", topic: "P01", q: "x" }, "domain", "service")).toEqual({ domain: "service", q: "x" });
  expect(withFilter({ state: "signed", q: "x" }, "state", "")).toEqual({ q: "x" });
});

it("asks the server for exactly that", () => {
  expect(asQueueFilter("mine", { urgency: "U1" })).toEqual({ queue: "mine", urgency: "U1" });
});
