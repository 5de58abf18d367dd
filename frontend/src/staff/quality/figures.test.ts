import { expect, it } from "vitest";
import type { Figures, QualityGroup, Share } from "@/api/models";
import { addressOf, askedOf, lastWeeks, periodOf } from "./asked";
import { driftLevel, interval, NO_DRIFT, NO_FIGURES, percent } from "./figures";
import type { Palette, Words } from "./options";
import { barsOption, driftOption, largest, MOST_BARS, weeksOption } from "./options";
import { knownKind, movesFor, stepsFor } from "./steps";

const share = (count: number, of: number): Share => ({ count, of, share: count / of, low: 0.5, high: 0.9 });
const figures = (answers: number, topic: Share): Figures => ({ ...NO_FIGURES, answers, topic });
const group = (key: string, more: Partial<QualityGroup> = {}): QualityGroup => ({
  key, name: "", served: figures(10, share(8, 10)), shadow: null, drift: NO_DRIFT, ...more,
});
const palette: Palette = { ink: "#111111", faint: "#222222", line: "#333333", served: "#444444", shadow: "#555555", paper: "#666666", font: "serif" };
const words: Words = { served: "在用", shadow: "影子", interval: "区间", topics: "类别", confidence: "把握", some: "些", shift: "大" };
interface Series { name: string; data: unknown[] }
const series = (option: object): Series[] => (option as { series: Series[] }).series;

it("reads the address and writes the same one, and takes nonsense for the usual view", () => {
  expect(askedOf({})).toEqual({ by: "week" });
  expect(askedOf({ by: "bureau", from: "2026-10-01", to: "2026-10-31" })).toEqual({ by: "bureau", from: "2026-10-01", to: "2026-10-31" });
  expect(askedOf({ by: "none", from: "gestern", to: "2026-13-45" })).toEqual({ by: "week" });
  expect(addressOf({ by: "week" })).toEqual({});
  expect(askedOf(addressOf({ by: "region", from: "2026-10-01" }) as Record<string, string>)).toEqual({ by: "region", from: "2026-10-01" });
});

it("takes days as Beijing's, the last one whole", () => {
  expect(periodOf({ from: "2026-10-01", to: "2026-10-31" })).toEqual({ since: "2026-10-01T00:00:00+08:00", until: "2026-11-01T00:00:00+08:00" });
  expect(periodOf({})).toEqual({});
  expect(lastWeeks(12)).toEqual({});
  // 17:00 in London is the next day in Beijing
  expect(lastWeeks(4, new Date("2026-11-22T17:00:00Z"))).toEqual({ from: "2026-10-26" });
});

it("writes shares and intervals", () => {
  expect(percent(0.9234)).toBe("92.3%");
  expect(interval(share(1, 2))).toBe("50.0–90.0%");
  expect(interval(NO_FIGURES.topic)).toBe("");
});

it.each([[null, "few"], [0, "calm"], [0.099, "calm"], [0.1, "some"], [0.25, "some"], [0.26, "shift"]] as const)("calls a drift of %s %s", (index, level) => {
  expect(driftLevel(index)).toBe(level);
});

it("draws a share by week with its interval, and gaps where nothing is known", () => {
  const groups = [group("2026-11-09"), group("2026-11-16", { served: NO_FIGURES, shadow: figures(4, share(1, 4)) })];
  const [low, band, served, shadow] = series(weeksOption(groups, "topic")(palette, words));
  expect([low?.data, band?.data]).toEqual([[50, null], [40, null]]);
  expect(served?.data).toEqual([80, null]);
  expect(shadow?.data).toEqual([null, 25]);
});

it("draws a share by group with the most answers on top, as many as there is room for", () => {
  const groups = Array.from({ length: 20 }, (_, n) => group(`g${n}`, { served: figures(n, share(n, 20)) }));
  const chosen = largest(groups);
  expect(chosen).toHaveLength(MOST_BARS);
  expect(chosen[0]?.key).toBe("g19");
  const [bars, ...others] = series(barsOption(chosen, "topic")(palette, words));
  expect(bars?.data[0]).toBe(95);
  expect(others).toEqual([]);
  expect(series(barsOption([group("a", { shadow: figures(4, share(1, 4)) })], "topic")(palette, words)).map(({ name }) => name)).toEqual(["在用", "影子"]);
});

it("draws drift so that both lines of warning are always in sight", () => {
  const axis = (topics: number | null) => (driftOption([group("w", { drift: { ...NO_DRIFT, topics } })])(palette, words) as { yAxis: { max: number } }).yAxis.max;
  expect(axis(null)).toBe(0.3);
  expect(axis(0.72)).toBe(0.8);
});

it("offers the steps that fit a state", () => {
  expect(stepsFor({ state: "active", rollback_to: "" })).toEqual([]);
  expect(stepsFor({ state: "active", rollback_to: "m1" })).toEqual(["rollback"]);
  expect(stepsFor({ state: "challenger", rollback_to: "" })).toEqual(["activate", "stop_shadow"]);
  expect(stepsFor({ state: "retired", rollback_to: "" })).toEqual(["activate", "shadow"]);
  expect([movesFor("running"), movesFor("paused"), movesFor("failed"), movesFor("done")]).toEqual([["pause", "cancel"], ["resume", "cancel"], ["resume", "cancel"], []]);
  expect([knownKind("rollback"), knownKind("retrain")]).toEqual(["rollback", "other"]);
});
