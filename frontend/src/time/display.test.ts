import { expect, it } from "vitest";
import { daysWords, distance, dueTime, fromLocalInput, fullDay, fullTime, localDay, shortTime, toLocalInput, waited } from "./display";

const now = new Date("2026-11-22T01:30:00Z"); // 09:30 in Beijing

it("shows Beijing time whatever the device's zone", () => {
  expect(fullTime("2026-11-21T16:05:00Z")).toBe("2026年11月22日 00:05");
});

it.each([
  ["2026-11-22T01:29:31Z", "刚刚"],
  ["2026-11-22T01:30:20Z", "刚刚"],
  ["2026-11-22T01:27:30Z", "2分钟前"],
  ["2026-11-21T16:05:00Z", "00:05"],
  ["2026-11-21T15:59:00Z", "11-21 23:59"],
  ["2025-12-31T15:59:00Z", "2025-12-31"],
  ["2026-11-22T01:31:00Z", "09:31"],
])("shortens %s to %s", (iso, short) => {
  expect(shortTime(iso, "刚刚", now)).toBe(short);
});

it("counts waiting time in whole units, never below zero", () => {
  expect(waited("2026-11-22T01:00:30Z", now)).toBe("29分钟");
  expect(waited("2026-11-21T22:00:00Z", now)).toBe("3小时");
  expect(waited("2026-11-19T00:00:00Z", now)).toBe("3天");
  expect(waited("2026-11-22T02:00:00Z", now)).toBe("0分钟");
});

it.each([
  ["2026-11-22T09:30:00Z", "今天 17:30"],
  ["2026-11-25T09:30:00Z", "11月25日 17:30"],
  ["2027-01-04T09:30:00Z", "2027年1月4日 17:30"],
])("says a deadline %s as %s", (iso, said) => {
  expect(dueTime(iso, (time) => `今天 ${time}`, now)).toBe(said);
});

it("measures the distance to a deadline on both sides of it, and knows Beijing's day", () => {
  expect(distance("2026-11-24T02:00:00Z", now)).toBe("2天");
  expect(distance("2026-11-21T22:00:00Z", now)).toBe("3小时");
  expect(localDay("2026-11-21T16:05:00Z")).toBe("2026-11-22");
});

it("says days of the calendar with their year, and the year once where it is the same", () => {
  expect(fullDay("2026-11-02")).toBe("2026年11月2日");
  expect(daysWords("2026-11-16", "2026-11-22")).toBe("2026年11月16日至11月22日");
  expect(daysWords("2026-12-28", "2027-01-03")).toBe("2026年12月28日至2027年1月3日");
  expect(daysWords("2026-11-22", "2026-11-22")).toBe("2026年11月22日");
});

it("reads and fills a date input as Beijing time", () => {
  expect(new Date(fromLocalInput("2026-11-22T09:30")).toISOString()).toBe("2026-11-22T01:30:00.000Z");
  expect(toLocalInput(now)).toBe("2026-11-22T09:30");
});
