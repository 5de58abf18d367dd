import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { defineComponent, h } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import type { CaseDetail } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail, row } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import TriagePage from "./TriagePage.vue";

const unit = { id: 7, name: "西湖区市场监督管理局" };
const Empty = defineComponent({ render: () => h("div") });
let page: VueWrapper;
let seen: Seen[];
let cases: CaseDetail[];
let router: ReturnType<typeof createRouter>;

const waiting = (n: number, urgency: "U1" | "U4"): CaseDetail =>
  detail(n, {
    state: "needs_triage", state_name: "待人工分办", urgency, lead: null, topic: null, actions: ["dispatch", "note"], text: `诉求 ${n}`,
    prediction: {
      topic: "P01", confidence: 0.3, intent: "complaint", urgency, urgency_hits: [], needs_review: true, model_version: "m",
      topics: [{ code: "P01", name: "食品", probability: 0.3 }, { code: "S02", name: "零售", probability: 0.2 }],
    },
  });
const at = (id: string) => page.get(`[data-testid="${id}"]`);
const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  await flushPromises();
};

beforeEach(async () => {
  vi.spyOn(window, "scrollTo").mockImplementation(() => undefined);
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  cases = [waiting(3, "U4"), waiting(2, "U1"), waiting(1, "U4")];
  const found = (number: string): CaseDetail | undefined => cases.find((one) => one.number === number);
  seen = serve({
    "GET /api/v1/cases/": () => ({ results: cases.filter(({ state }) => state === "needs_triage"), next: null }),
    "GET /api/v1/topics/": [{ code: "P01", domain: "product", name: "食品" }, { code: "S02", domain: "service", name: "零售" }],
    "GET /api/v1/units/": [{ ...unit, bureau: "samr", region: "330106", level: "county" }],
    "GET /api/v1/suggestion/": { lead: unit, participants: [], reasons: [] },
    ...Object.fromEntries(
      [1, 2, 3].flatMap((n) => {
        const { number } = row(n);
        return [
          [`GET /api/v1/cases/${number}/`, () => found(number) ?? problem(404, "no_such_case", "没有")],
          [`GET /api/v1/cases/${number}/events/`, []],
          [`POST /api/v1/cases/${number}/dispatch/`, ({ body }: Seen) => {
            const now = found(number);
            if (now?.version !== (body as { version: number }).version) return problem(409, "stale", "已更新");
            cases = cases.filter((one) => one !== now);
            return { ...now, state: "dispatched", lead: unit };
          }],
        ];
      }),
    ),
  });
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/triage/:number?", component: TriagePage, props: true },
      { path: "/:rest(.*)*", component: Empty },
    ],
  });
  await router.push("/triage");
  page = mount({ template: "<RouterView />" }, { attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
});
afterEach(() => page.unmount());

it("begins with the most urgent case and moves through the list by arrow keys", async () => {
  expect(at("triage-case").text()).toContain("诉求 2");
  await press("ArrowDown");
  expect(at("triage-case").text()).toContain("诉求 1");
  await press("ArrowUp");
  expect(at("triage-case").text()).toContain("诉求 2");
});

it("wants a topic picked before it sends", async () => {
  await press("Enter", { ctrlKey: true });
  expect(page.text()).toContain(staff.dispatch.errors.topic);
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
});

it("dispatches with a digit, a reason and one key, and goes on with the next case", async () => {
  await press("1");
  await at("preset-duty").trigger("click");
  await press("Enter", { ctrlKey: true });
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({
    version: 2, lead: 7, participants: [], topic: "P01", urgency: "U1", reason: staff.dispatch.preset.duty,
  });
  expect(page.text()).toContain(`已派给${unit.name}`);
  expect(at("triage-case").text()).toContain("诉求 1");
  expect(at("triage-count").text()).toBe("2 件待分办");
});

it("confirms the first suggestion with one key, with the units of the rules and the usual words", async () => {
  await press("a");
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({
    version: 2, lead: 7, participants: [], topic: "P01", urgency: "U1", reason: staff.dispatch.preset.model,
  });
  expect(at("triage-case").text()).toContain("诉求 1");
});

it("leaves its keys to a picture or a menu that is open over it", async () => {
  const over = document.body.appendChild(document.createElement("dialog"));
  for (const key of ["a", "1", "ArrowDown"]) over.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  over.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }));
  await flushPromises();
  over.remove();
  expect(at("triage-case").text()).toContain("诉求 2");
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
  expect(page.find(".error").exists()).toBe(false);
});

it("confirms what was corrected as it was corrected", async () => {
  await press("2");
  await at("reason").setValue("属于售后");
  await press("a");
  expect(seen.find(({ method }) => method === "POST")?.body).toMatchObject({ topic: "S02", reason: "属于售后" });
});

it("does not take digits for suggestions while somebody writes", async () => {
  const reason = at("reason").element as HTMLTextAreaElement;
  reason.focus();
  reason.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
  await flushPromises();
  expect(page.find('[aria-pressed="true"]').exists()).toBe(false);
});

it("keeps what was begun when going to another case and back", async () => {
  await at("reason").setValue("属地办理");
  await press("ArrowDown");
  expect((at("reason").element as HTMLTextAreaElement).value).toBe("");
  await press("ArrowUp");
  expect((at("reason").element as HTMLTextAreaElement).value).toBe("属地办理");
});

it("says that somebody else was faster, and sends nothing over it", async () => {
  await press("1");
  await at("reason").setValue("属地办理");
  cases = cases.map((one) => (one.urgency === "U1" ? { ...one, state: "dispatched" as const, version: 5, actions: ["note"] } : one));
  await press("Enter", { ctrlKey: true });
  expect(page.text()).toContain(staff.triage.taken);
  expect((at("dispatch").element as HTMLButtonElement).disabled).toBe(true);
  const posts = seen.filter(({ method }) => method === "POST").length;
  await press("Enter", { ctrlKey: true });
  expect(seen.filter(({ method }) => method === "POST")).toHaveLength(posts);
  expect((at("reason").element as HTMLTextAreaElement).value).toBe("属地办理");
});
