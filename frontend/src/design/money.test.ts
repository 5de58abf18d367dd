import { expect, it } from "vitest";
import { money } from "./money";

it("writes amounts as people do", () => {
  expect(["5500.00", "120.50", "0.00", "1000000.00"].map(money)).toEqual(["5,500", "120.50", "0", "1,000,000"]);
});
