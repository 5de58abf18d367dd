import { expect, it } from "vitest";
import type { Urgency } from "@/api/types";
import { inOrder, neighbour } from "./order";

const row = (number: string, urgency: Urgency, received_at: string) => ({ number, urgency, received_at });

it("puts the most urgent first and, among equals, who has waited longest, across time zones", () => {
  const rows = [
    row("new-U4", "U4", "2026-11-22T09:00:00+08:00"),
    row("old-U4", "U4", "2026-11-22T00:30:00Z"),
    row("U1", "U1", "2026-11-22T09:30:00+08:00"),
    row("U3", "U3", "2026-11-20T09:00:00+08:00"),
  ];
  expect(inOrder(rows).map(({ number }) => number)).toEqual(["U1", "U3", "old-U4", "new-U4"]);
});

it("goes on with the next case, at the end with the one before, and with none when all are done", () => {
  const rows = [{ number: "a" }, { number: "b" }, { number: "c" }];
  expect(neighbour(rows, "a")).toBe("b");
  expect(neighbour(rows, "b")).toBe("c");
  expect(neighbour(rows, "c")).toBe("b");
  expect(neighbour(rows, "gone")).toBe("a");
  expect(neighbour([{ number: "a" }], "a")).toBeNull();
});
