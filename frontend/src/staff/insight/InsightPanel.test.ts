import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { computed, defineComponent, h, nextTick, ref } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import type { CaseDetail } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import CaseText from "@/staff/reading/CaseText.vue";
import { detail, row } from "@/testing/samples";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import InsightPanel from "./InsightPanel.vue";
import { useInsight } from "./useInsight";

const words = staff.insight;
const text = "牛奶过期三天，超市不退款。门口的路灯也坏了。";
const shown = (n: number): CaseDetail =>
  detail(n, {
    text, topic: { code: "P01", name: "食品" }, actions: ["split"],
    prediction: {
      topic: "P01", confidence: 0.8, intent: "complaint", urgency: "U4", urgency_hits: [], needs_review: false, model_version: "m1",
      topics: [{ code: "P01", name: "食品", probability: 0.8 }, { code: "S02", name: "零售", probability: 0.1 }],
    },
  });
const matters = [
  { start: 0, end: 13, text: "牛奶过期三天，超市不退款。", topic: { code: "P01", name: "食品" }, probability: 0.9, lead: { id: 7, name: "市监局" } },
  { start: 13, end: 22, text: "门口的路灯也坏了。", topic: { code: "E05", name: "市政" }, probability: 0.7, lead: null },
];
const alike = {
  number: row(9).number, summary: "牛奶变质", state: "closed", state_name: "已办结", topic: { code: "P01", name: "食品" },
  received_at: "2026-11-20T01:00:00Z", similarity: 0.9567, duplicate: true,
};

const n = ref(1);
let seen: Seen[];
let answers: Record<string, (seen: Seen) => Answer | Promise<Answer>>;
let splits: unknown[];
let page: VueWrapper;

/** Text and panel as the pages put them together. */
const Page = defineComponent({
  props: { splittable: Boolean },
  setup(props) {
    const one = computed(() => shown(n.value));
    const insight = useInsight(() => one.value.number);
    return () => [
      h(CaseText, { text: one.value.text, hits: [{ level: "U2", phrase: "过期" }], evidence: insight.evidence, pointed: insight.pointed }),
      h(InsightPanel, { insight, detail: one.value, ...(props.splittable && { onSplit: (found: unknown) => splits.push(found) }) }),
    ];
  },
});

function open(splittable = false): void {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { render: () => h("i") } }] });
  page = mount(Page, { props: { splittable }, attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
}
const section = (name: string) => page.get(`[data-testid="insight-${name}"]`);
async function toggle(name: string): Promise<void> {
  await section(name).get("button").trigger("click");
  await flushPromises();
}

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  n.value = 1;
  splits = [];
  answers = {
    why: ({ query }) => ({
      topic: query.get("topic") === "S02" ? { code: "S02", name: "零售" } : { code: "P01", name: "食品" }, model_version: "m1",
      phrases: query.get("topic") === "S02" ? [{ part: "text", start: 7, end: 9, text: "超市", weight: 1 }]
        : [{ part: "title", start: 0, end: 2, text: "买奶", weight: 0.5 }, { part: "text", start: 0, end: 4, text: "牛奶过期", weight: 1 }],
    }),
    matters: () => ({ matters }),
    similar: () => ({ results: [alike] }),
  };
  seen = serve(Object.fromEntries([1, 2].flatMap((at) => ["why", "matters", "similar"].map((part) => [
    `GET /api/v1/cases/${row(at).number}/${part}/`, (one: Seen) => answers[part]?.(one) ?? problem(404, "none", "没有"),
  ]))));
});

it("fetches nothing before it is asked, and each answer once", async () => {
  open();
  await flushPromises();
  expect(seen).toEqual([]);
  await toggle("similar");
  await toggle("similar");
  await toggle("similar");
  expect(seen.map(({ path }) => path)).toEqual([`/api/v1/cases/${row(1).number}/similar/`]);
});

it("marks the phrases in the text beside the urgent ones, and those of another topic on demand", async () => {
  open();
  await toggle("why");
  const marks = () => page.findAll("[data-testid=case-text] mark.strong").map((one) => one.text()).join("");
  expect(marks()).toBe("牛奶过期");
  expect(page.find("[data-testid=case-text] mark.U2.strong").text()).toBe("过期");
  expect(page.get("[data-testid=phrases]").text()).toContain(words.why.title);
  expect(section("why").text()).toContain("模型 m1");
  await page.get("[data-testid=why-S02]").trigger("click");
  await flushPromises();
  expect(marks()).toBe("超市");
  expect(page.get("[data-testid=why-S02]").attributes("aria-pressed")).toBe("true");
  await toggle("why");
  expect(marks()).toBe("");
});

it("shows where a matter stands while it is pointed at", async () => {
  open();
  await toggle("matters");
  const second = section("matters").findAll("li button")[1];
  await second?.trigger("focus");
  expect(page.findAll("[data-testid=case-text] mark.pointed").map((one) => one.text()).join("")).toBe("门口的路灯也坏了。");
  await second?.trigger("blur");
  expect(page.find("mark.pointed").exists()).toBe(false);
  expect(second?.text()).toContain(words.matters.no_unit);
  expect(page.find("[data-testid=split-matters]").exists()).toBe(false);
});

it("hands the matters over for splitting where the page can split", async () => {
  open(true);
  await toggle("matters");
  await page.get("[data-testid=split-matters]").trigger("click");
  expect(splits).toEqual([matters]);
});

it("lists cases like it, and says when there are none", async () => {
  open();
  await toggle("similar");
  expect(section("similar").text()).toContain("相似 95%");
  expect(section("similar").text()).toContain(words.similar.duplicate);
  expect(section("similar").get("a").attributes("href")).toBe(`/cases/${alike.number}`);
  n.value = 2;
  answers.similar = () => ({ results: [] });
  await nextTick();
  await toggle("similar");
  expect(page.get("[data-testid=similar-none]").text()).toBe(words.similar.none);
});

it("says what went wrong and tries again", async () => {
  answers.why = () => problem(400, "unknown_topic", "模型不认识这个类别。");
  open();
  await toggle("why");
  expect(section("why").text()).toContain("模型不认识这个类别。");
  answers.why = () => brokenLine;
  await page.get("[data-testid=why-S02]").trigger("click");
  await flushPromises();
  expect(section("why").text()).toContain("网络连接不上");
  answers.why = () => ({ topic: { code: "S02", name: "零售" }, model_version: "m1", phrases: [] });
  await section("why").get(".again").trigger("click");
  await flushPromises();
  expect(section("why").text()).toContain(words.why.none);
});

it("drops an answer that comes after the case has changed", async () => {
  let answer: (value: Answer) => void = () => undefined;
  answers.similar = () => new Promise<Answer>((resolve) => (answer = resolve));
  open();
  await toggle("similar");
  n.value = 2;
  await nextTick();
  answer({ results: [alike] });
  await flushPromises();
  expect(page.find("[data-testid=similar]").exists()).toBe(false);
  expect(section("similar").get("button").attributes("aria-expanded")).toBe("false");
});
