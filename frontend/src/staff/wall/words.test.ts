import { expect, it } from "vitest";
import { addressOf, asked, percent, pointName, spanOf, trend } from "./words";

it("keeps what is asked in the address and forgets what is usual or bent", () => {
  expect(spanOf({ days: "7", region: "330100" })).toEqual({ days: 7, region: "330100" });
  expect(spanOf({ days: "9999", region: "x" })).toEqual({ days: 1, region: "" });
  expect(addressOf(1, "")).toEqual({});
  expect(addressOf(30, "330100")).toEqual({ days: "30", region: "330100" });
});

it("asks for days of Beijing up to today", () => {
  const evening = new Date("2026-11-21T17:00:00Z"); // already the 22nd in Beijing
  expect(asked(1, "", evening)).toEqual({ since: "2026-11-22", until: "2026-11-22" });
  expect(asked(7, "330100", evening)).toEqual({ since: "2026-11-16", until: "2026-11-22", region: "330100" });
});

it("names points of time, shares and trends", () => {
  expect(pointName("2026-11-22T08")).toBe("8时");
  expect(pointName("2026-11-22")).toBe("11-22");
  expect([percent(0.8333), percent(null)]).toEqual(["83.3%", "—"]);
  expect([trend({ change: 0.5 }), trend({ change: -2 }), trend({ change: 0.4 })]).toEqual(["up", "down", "flat"]);
});
