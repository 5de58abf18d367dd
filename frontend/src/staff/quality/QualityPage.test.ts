import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import type { ModelVersion, Run } from "@/api/models";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import { askedOf } from "./asked";
import { NO_DRIFT, NO_FIGURES } from "./figures";
import QualityPage from "./QualityPage.vue";
import { LOOK_MS } from "./useModels";

const words = staff.quality;
const served = {
  ...NO_FIGURES, answers: 200, topic: { count: 46, of: 50, share: 0.92, low: 0.812, high: 0.968 },
  review: { count: 40, of: 200, share: 0.2, low: 0.15, high: 0.261 },
};
const whole = { key: "", name: "", served, shadow: { ...served, answers: 120 }, drift: { ...NO_DRIFT, topics: 0.31, confidence: 0.05 } };
const quality = (by: string, groups: object[]) => ({
  by, since: "2026-08-30T00:00:00+08:00", until: "2026-11-22T00:00:00+08:00", reference_since: "2026-08-02T00:00:00+08:00", groups,
});
const model = (version: string, more: Partial<ModelVersion>): ModelVersion => ({
  version, state: "candidate", state_name: "候选", frozen: { split: "a", messages: 900, topic: 0.91, domain: 0.95 }, created_at: "2026-11-01T00:00:00Z",
  created_by: "方主任", activated_at: null, activated_by: "", rollback_to: "", events: [], ...more,
});

let answers: Record<string, Answer | ((seen: Seen) => Answer)>;
let runs: Run[];
let seen: Seen[];
let page: VueWrapper;
let router: ReturnType<typeof createRouter>;

const at = (id: string) => page.get(`[data-testid="${id}"]`);
const inDialog = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)].find((one) => one.closest(".el-overlay")?.getAttribute("style")?.includes("none") !== true);
async function answer(reason: string): Promise<void> {
  const field = inDialog("dialog-text") as HTMLTextAreaElement;
  field.value = reason;
  field.dispatchEvent(new Event("input"));
  inDialog("dialog-confirm")?.click();
  await flushPromises();
}
const posts = (): unknown[] => seen.filter(({ method }) => method === "POST").map(({ path, body }) => [path.split("/").at(-2), body]);

async function open(address = "/quality"): Promise<void> {
  seen = serve(answers);
  router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/:rest(.*)*", component: QualityPage, props: ({ query }) => ({ asked: askedOf(query) }) }],
  });
  await router.push(address);
  page = mount({ template: "<RouterView />" }, { attachTo: document.body, global: { plugins: [router, wordsFor({ staff })] } });
  await flushPromises();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  // charts are drawn when they come into view, which nothing here does
  vi.stubGlobal("IntersectionObserver", class { observe = vi.fn(); disconnect = vi.fn(); });
  runs = [];
  answers = {
    "GET /api/v1/model/quality/": ({ query }) => {
      const by = query.get("by") ?? "";
      return quality(by, by === "none" ? [whole] : [{ ...whole, key: "x", name: `按 ${by}` }]);
    },
    "GET /api/v1/model/versions/": {
      may_change: true,
      results: [
        model("m2", { state: "active", state_name: "在用", rollback_to: "m1", events: [{ kind: "activate", at: "2026-11-02T00:00:00Z", by: "方主任", reason: "更准" }] }),
        model("m3", { frozen: { split: "b", messages: 100, topic: 0.99, domain: 0.99 } }),
      ],
    },
    "GET /api/v1/model/reclassifications/": () => runs,
    "POST /api/v1/model/rollback/": problem(409, "nothing_before", "没有可以退回的模型。"),
    "POST /api/v1/model/activate/": { version: "m3" },
    "POST /api/v1/model/reclassify/": { id: 1 },
  };
});
afterEach(() => {
  page.unmount();
  vi.useRealTimers();
});

it("shows each share with what it is a share of and its interval, and says where there is none", async () => {
  await open();
  expect(at("figure-topic").text()).toContain("92.0%");
  expect(at("figure-topic").text()).toContain("50 件中 46 件");
  expect(at("figure-topic").text()).toContain("81.2–96.8%");
  expect(at("figure-auto_domain").text()).toContain(words.nothing);
  expect(at("groups").text()).toContain(words.drift.level.shift);
  expect(at("sides").text()).toContain("120");
});

it("keeps grouping and period in the address and asks for them", async () => {
  await open("/quality?from=2026-10-01");
  await at("by-bureau").trigger("click");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ by: "bureau", from: "2026-10-01" });
  const asked = seen.filter(({ path }) => path.endsWith("/quality/")).slice(-2).map(({ query }) => Object.fromEntries(query));
  expect(asked).toEqual(["none", "bureau"].map((by) => ({ by, since: "2026-10-01T00:00:00+08:00" })));
  expect(at("groups").text()).toContain("按 bureau");
});

it("keeps the figures on screen when the next ones do not come, and shows nothing wrong before the first", async () => {
  await open();
  answers["GET /api/v1/model/quality/"] = brokenLine;
  await at("by-channel").trigger("click");
  await flushPromises();
  expect(at("figure-topic").text()).toContain("92.0%");
  expect(page.text()).toContain("网络连接不上");
  page.unmount();
  await open();
  expect(page.find("[data-testid=figure-topic]").exists()).toBe(false);
  expect(page.text()).toContain(staff.problem.load);
});

it("says when there were no answers in the period", async () => {
  answers["GET /api/v1/model/quality/"] = quality("week", []);
  await open();
  expect(page.text()).toContain(words.none);
});

it("asks for a reason, shows the refusal in the server's words and keeps what was typed", async () => {
  await open();
  await at("rollback-m2").trigger("click");
  await flushPromises();
  expect(document.body.textContent).toContain("退回到 m1？");
  await answer("");
  expect(posts()).toEqual([]);
  await answer("误判变多");
  expect(posts()).toEqual([["rollback", { reason: "误判变多" }]]);
  expect(document.body.textContent).toContain("没有可以退回的模型。");
  expect((inDialog("dialog-text") as HTMLTextAreaElement).value).toBe("误判变多");
});

it("activates, says so, and looks at the models again", async () => {
  await open();
  expect(at("model-m3").text()).toContain(words.models.otherSplit);
  await at("activate-m3").trigger("click");
  await flushPromises();
  const before = seen.filter(({ path }) => path.endsWith("/versions/")).length;
  await answer("封存测试更好");
  expect(posts()).toEqual([["activate", { version: "m3", reason: "封存测试更好" }]]);
  expect(page.text()).toContain("已完成：启用");
  expect(seen.filter(({ path }) => path.endsWith("/versions/"))).toHaveLength(before + 1);
});

it("offers no steps to those who may not change models", async () => {
  answers["GET /api/v1/model/versions/"] = { may_change: false, results: [model("m2", { state: "active", rollback_to: "m1" })] };
  await open();
  expect(at("versions").find("button").exists()).toBe(false);
  expect(at("runs").find("button").exists()).toBe(false);
});

it("follows a run until it is done, and pauses it", async () => {
  const run: Run = {
    id: 4, model: "m3", since: null, until: null, done: 0, total: 500, state: "running", state_name: "进行中", error: "",
    created_at: "2026-11-20T00:00:00Z", created_by: "方主任", updated_at: "2026-11-20T00:00:00Z",
  };
  runs = [run];
  await open();
  runs = [{ ...run, done: 320 }];
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(at("run-4").text()).toContain("已读 320 / 500 件");
  await at("pause-4").trigger("click");
  await flushPromises();
  expect(posts()).toEqual([["reclassify", { run: 4, move: "pause", reason: "" }]]);
  runs = [{ ...run, done: 500, state: "done", state_name: "已完成" }];
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  const looked = seen.length;
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  expect(seen).toHaveLength(looked);
  expect(at("run-4").find("[data-testid=pause-4]").exists()).toBe(false);
});
