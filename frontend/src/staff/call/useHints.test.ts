import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { defineComponent, nextTick, reactive } from "vue";
import { serve } from "@/testing/server";
import { REST_MS, useHints } from "./useHints";

const hint = (code: string) => ({
  available: true, topic: { code, name: code }, domain: "product", confidence: 0.9, sure: true, topics: [], intent: "complaint", urgency: "U4",
  hits: [], region: null, lead: null, participants: [], reasons: [],
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function typing(answer: (text: string) => string) {
  const seen = serve({
    "POST /api/v1/hints/draft/": ({ body }) => [200, hint(answer((body as { text: string }).text))],
    "POST /api/v1/hints/similar/": [200, { results: [] }],
    "GET /api/v1/questions/": ({ query }) => [200, [{ id: 1, field: `of-${query.get("topic")}`, label: "", kind: "text", choices: [], required: true }]],
  });
  const words = reactive({ text: "", region: "", place: "", answers: {}, phone: "", call: null });
  let made!: ReturnType<typeof useHints>;
  mount(defineComponent({ setup: () => ((made = useHints(() => ({ ...words }))), () => null) }));
  return { seen, words, made };
}

it("asks once when the typing rests, and shows what belongs to the newest words", async () => {
  const { seen, words, made } = typing((text) => (text === "牛奶过期" ? "P01" : "S04"));
  for (const text of ["牛", "牛奶", "牛奶过期"]) {
    words.text = text;
    await nextTick();
    await vi.advanceTimersByTimeAsync(REST_MS - 50);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.filter(({ path }) => path.endsWith("/draft/"))).toHaveLength(1);
  expect(made.hint.value?.topic?.code).toBe("P01");
  expect(made.questions.value.map(({ field }) => field)).toEqual(["of-P01"]);
});

it("forgets everything when the words are gone", async () => {
  const { words, made } = typing(() => "P01");
  words.text = "牛奶过期";
  await nextTick();
  await vi.advanceTimersByTimeAsync(2000);
  expect(made.similar.data).toEqual([]);
  words.text = "";
  await nextTick();
  expect([made.hint.value, made.questions.value, made.similar.data]).toEqual([null, [], null]);
});
