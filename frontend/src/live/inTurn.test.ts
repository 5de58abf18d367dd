import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inTurn } from "./inTurn";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("makes one run now and one after it out of any number of calls", async () => {
  const ends: (() => void)[] = [];
  const fetchAgain = inTurn(() => new Promise<void>((resolve) => void ends.push(resolve)));
  const calls = [fetchAgain(), fetchAgain(), fetchAgain()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all(calls);
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(2);
  const later = fetchAgain();
  expect(ends).toHaveLength(3);
  ends[2]?.();
  await later;
});

it("runs again after a failed run", async () => {
  let runs = 0;
  const fetchAgain = inTurn(() => {
    runs += 1;
    return runs === 1 ? Promise.reject(new Error("offline")) : Promise.resolve();
  });
  const first = fetchAgain();
  const second = fetchAgain();
  await expect(first).rejects.toThrow("offline");
  await second;
  expect(runs).toBe(2);
});

it("answers at once and rests before it runs again", async () => {
  let runs = 0;
  const fetchAgain = inTurn(() => {
    runs += 1;
    return Promise.resolve();
  }, 300);
  await fetchAgain();
  void fetchAgain();
  void fetchAgain();
  await vi.advanceTimersByTimeAsync(299);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(2);
});
