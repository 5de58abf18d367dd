import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseRow } from "@/api/types";
import type { Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import { detail, row } from "@/testing/samples";
import { useQueue } from "./useQueue";

let all: CaseRow[];
let down: boolean;
let onItsWay: Promise<void> | null;
let seen: Seen[];
let arrived: string[][];
let queue: ReturnType<typeof useQueue>;

beforeEach(async () => {
  vi.useFakeTimers();
  all = Array.from({ length: 120 }, (_, n) => row(n + 1)).reverse();
  down = false;
  onItsWay = null;
  arrived = [];
  seen = serve({
    "GET /api/v1/cases/": async ({ query }) => {
      if (down) return brokenLine;
      const from = query.get("cursor");
      if (from !== null) await onItsWay;
      const limit = Number(query.get("limit"));
      const rest = from === null ? all : all.slice(all.findIndex(({ number }) => number === from) + 1);
      const results = rest.slice(0, limit);
      return { results, next: rest.length > limit ? (results.at(-1)?.number ?? null) : null };
    },
    "GET /api/v1/cases/counts/": () => (down ? brokenLine : { by_state: { dispatched: all.length }, triage: 0 }),
  });
  queue = useQueue((rows) => arrived.push(rows.map(({ number }) => number)));
  await queue.show({ queue: "mine" });
});

afterEach(() => {
  vi.useRealTimers();
});

const numbers = (): string[] => queue.rows.value.map(({ number }) => number);
const lists = (): number => seen.filter(({ path }) => path === "/api/v1/cases/").length;

/** A hint comes in, and the rest between two refetches passes. */
async function hint(n: number, version: number): Promise<void> {
  void queue.changed(row(n).number, version);
  await flushPromises();
  await vi.advanceTimersByTimeAsync(2_000);
}

it("pages by cursor without gaps or doubles, also when cases arrive between two pages", async () => {
  expect(numbers()).toHaveLength(50);
  all = [row(121), ...all];
  await queue.more();
  await queue.more();
  expect(numbers()).toEqual(all.slice(1).map(({ number }) => number));
  expect(queue.next.value).toBeNull();
});

it.each([1, 60])("leaves no gap when %i cases arrive while a page is on its way", async (count) => {
  let arrive: () => void = () => undefined;
  onItsWay = new Promise((resolve) => (arrive = resolve));
  const more = queue.more();
  all = [...Array.from({ length: count }, (_, n) => row(121 + n)).reverse(), ...all];
  await queue.refresh();
  arrive();
  await more;
  await queue.more();
  expect(numbers()).toEqual(all.slice(0, numbers().length).map(({ number }) => number));
  expect(numbers().length).toBeGreaterThan(50);
});

it("leaves no gap below the head when cases arrive above it", async () => {
  all = Array.from({ length: 400 }, (_, n) => row(n + 1)).reverse();
  await queue.show({ queue: "mine" });
  for (let page = 0; page < 5; page++) await queue.more();
  all = [row(402), row(401), ...all];
  await hint(402, 1);
  await queue.more();
  expect(numbers()).toEqual(all.slice(0, numbers().length).map(({ number }) => number));
  expect(numbers()).toHaveLength(352);
});

it("shows an arrived case at the top and tells of it once", async () => {
  all = [row(121), ...all];
  await hint(121, 1);
  expect(numbers()[0]).toBe(row(121).number);
  expect(numbers()).toHaveLength(51);
  expect(arrived.filter((rows) => rows.length > 0)).toEqual([[row(121).number]]);
  expect(queue.counts.value?.by_state.dispatched).toBe(121);
});

it("brings a changed row up to date and leaves rows it already knows alone", async () => {
  all = all.map((one) => (one.number === row(120).number ? { ...one, state: "signed", version: 3 } : one));
  await hint(120, 3);
  expect(queue.rows.value[0]).toMatchObject({ state: "signed", version: 3 });
  const asked = lists();
  await hint(120, 3);
  expect(lists()).toBe(asked);
});

it("lets a row go that no longer belongs to the filter", async () => {
  all = all.filter(({ number }) => number !== row(119).number);
  await hint(119, 9);
  expect(numbers()).not.toContain(row(119).number);
  expect(numbers()).toHaveLength(50);
  expect(arrived.flat()).toEqual([]);
});

it("makes two requests of a burst of hints", async () => {
  const before = lists();
  for (let n = 121; n <= 160; n++) {
    all = [row(n), ...all];
    void queue.changed(row(n).number, 1);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  expect(lists() - before).toBe(2);
  expect(numbers()[0]).toBe(row(160).number);
});

it("patches a row far down instead of fetching everything above it", async () => {
  all = Array.from({ length: 300 }, (_, n) => row(n + 1)).reverse();
  await queue.show({ queue: "mine" });
  for (let page = 0; page < 5; page++) await queue.more();
  const deep = row(20);
  seen = serve({ [`GET /api/v1/cases/${deep.number}/`]: detail(20, { state: "closed", version: 9 }), "GET /api/v1/cases/counts/": { by_state: {}, triage: 0 } });
  await hint(20, 9);
  expect(queue.rows.value.find(({ number }) => number === deep.number)).toMatchObject({ state: "closed", version: 9 });
  expect(lists()).toBe(0);
});

it("keeps what is shown when the server is away, says so, and recovers", async () => {
  down = true;
  await queue.refresh();
  expect(numbers()).toHaveLength(50);
  expect(queue.problem.value).toMatchObject({ status: 0 });
  down = false;
  await vi.advanceTimersByTimeAsync(2_000);
  await queue.refresh();
  expect(queue.problem.value).toBeNull();
});

it("does not let a slow answer to an old filter replace the new one", async () => {
  const answers: ((value: object) => void)[] = [];
  serve({ "GET /api/v1/cases/": () => new Promise((resolve) => void answers.push(resolve)) });
  const first = queue.show({ queue: "mine", state: "signed" });
  const second = queue.show({ queue: "mine", state: "closed" });
  await flushPromises();
  answers[1]?.({ results: [row(2)], next: null });
  await second;
  answers[0]?.({ results: [row(1)], next: null });
  await first;
  expect(numbers()).toEqual([row(2).number]);
});

it("shows nothing of the last queue when another cannot be had", async () => {
  serve({ "GET /api/v1/cases/": problem(403, "not_allowed", "不可以") });
  await queue.show({ queue: "all" });
  expect(numbers()).toEqual([]);
  expect(queue.problem.value).toMatchObject({ status: 403, detail: "不可以" });
});
