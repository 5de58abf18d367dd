import { expect, it } from "vitest";
import { percent } from "./percent";

it("says small shares to be small, not nothing", () => {
  expect([0, 0.001, 0.005, 0.104, 1].map(percent)).toEqual(["0", "<1", "1", "10", "100"]);
});
