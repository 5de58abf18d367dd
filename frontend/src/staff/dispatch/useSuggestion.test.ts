import { flushPromises } from "@vue/test-utils";
import { beforeEach, expect, it } from "vitest";
import { nextTick, ref } from "vue";
import type { UnitRef } from "@/api/types";
import type { Seen } from "@/testing/server";
import { brokenLine, serve } from "@/testing/server";
import type { DispatchDraft } from "./draft";
import { useSuggestion } from "./useSuggestion";

const units = { P01: { id: 1, name: "市场监管局" }, V05: { id: 2, name: "生态环境局" } };
const helper = { id: 9, name: "卫健局" };
let seen: Seen[];

function drafted(more: Partial<DispatchDraft> = {}) {
  return ref<DispatchDraft>({ topic: "", urgency: "U4", lead: null, participants: [], reason: "", ...more });
}

beforeEach(() => {
  seen = serve({
    "GET /api/v1/suggestion/": ({ query }) => ({
      lead: (units as Partial<Record<string, UnitRef>>)[query.get("topic") ?? ""] ?? null, participants: [helper], reasons: [],
    }),
  });
});

it("fills in the units of the rules when a topic is picked, and follows another topic", async () => {
  const draft = drafted();
  useSuggestion(draft, () => "330106");
  expect(seen).toEqual([]);
  draft.value.topic = "P01";
  await flushPromises();
  expect(draft.value).toMatchObject({ lead: units.P01, participants: [helper] });
  draft.value.topic = "V05";
  await flushPromises();
  expect(draft.value.lead).toEqual(units.V05);
  expect(seen.map(({ query }) => query.get("region"))).toEqual(["330106", "330106"]);
});

it("leaves alone what a person chose, until told to take the suggestion over", async () => {
  const own = { id: 7, name: "综合执法局" };
  const draft = drafted({ topic: "P01", lead: own });
  const { suggestion, apply } = useSuggestion(draft, () => "330106");
  await flushPromises();
  expect(draft.value).toMatchObject({ lead: own, participants: [] });
  expect(suggestion.value?.lead).toEqual(units.P01);
  apply();
  expect(draft.value).toMatchObject({ lead: units.P01, participants: [helper] });
});

it("changes nothing when the rules know nobody, and asks nothing without a place", async () => {
  const draft = drafted({ topic: "X01" });
  useSuggestion(draft, () => "330106");
  await flushPromises();
  expect(draft.value).toMatchObject({ lead: null, participants: [] });
  useSuggestion(drafted({ topic: "P01" }), () => "");
  await flushPromises();
  expect(seen).toHaveLength(1);
});

it("leaves the search by hand when the server cannot be asked", async () => {
  serve({ "GET /api/v1/suggestion/": brokenLine });
  const draft = drafted({ topic: "P01" });
  const { suggestion } = useSuggestion(draft, () => "330106");
  await flushPromises();
  await nextTick();
  expect(suggestion.value).toBeNull();
  expect(draft.value.lead).toBeNull();
});
