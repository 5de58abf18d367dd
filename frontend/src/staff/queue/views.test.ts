import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, it } from "vitest";
import type { SavedView } from "@/api/workbench";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import ViewTabs from "./ViewTabs.vue";

const view = (id: number, more: Partial<SavedView> = {}): SavedView => ({
  id, name: `视图${id}`, queue: "mine", query: `topic=P0${id}`, shared: false, own: true, owner: "小林", position: id, ...more,
});
let kept: SavedView[];

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  kept = [view(1), view(2, { own: false, shared: true, owner: "小何" }), view(3, { queue: "all" })];
});

async function open(filters: Record<string, string>, more: Parameters<typeof serve>[0] = {}) {
  const seen: Seen[] = serve({ "GET /api/v1/saved-views/": () => kept, ...more });
  const tabs = mount(ViewTabs, { attachTo: document.body, props: { queue: "mine", filters, canShare: true }, global: { plugins: [wordsFor({ staff })] } });
  await flushPromises();
  return { tabs, seen };
}

it("shows the views of this queue, says whose a shared one is, and marks the one on screen", async () => {
  const { tabs } = await open({ topic: "P01" });
  expect(tabs.findAll(".tab").map((tab) => tab.text())).toEqual(["全部", "视图1", "", "视图2 · 小何共享"]);
  expect(tabs.get('[data-testid="view-1"]').attributes("aria-pressed")).toBe("true");
  await tabs.get('[data-testid="view-2"]').trigger("click");
  expect(tabs.emitted("choose")).toEqual([[{ topic: "P02" }]]);
  tabs.unmount();
});

it("keeps the filters of now under a name, and tells a refusal at the field", async () => {
  let taken = true;
  const { tabs, seen } = await open({ due: "today" }, {
    "POST /api/v1/saved-views/": ({ body }) => {
      if (taken) return problem(400, "name_taken", "已有同名视图", { name: ["已有同名视图"] });
      kept = [...kept, view(9, { ...(body as SavedView) })];
      return [201, kept.at(-1)];
    },
  });
  await tabs.get('[data-testid="view-save"]').trigger("click");
  await tabs.get("form").trigger("submit");
  await flushPromises();
  expect(tabs.text()).toContain("请填写名称。");
  expect(document.activeElement).toBe(tabs.get('[data-testid="view-name"]').element);
  await tabs.get('[data-testid="view-name"]').setValue("今天到期");
  await tabs.get('[data-testid="view-shared"]').setValue(true);
  await tabs.get("form").trigger("submit");
  await flushPromises();
  expect(tabs.text()).toContain("已有同名视图");
  taken = false;
  await tabs.get("form").trigger("submit");
  await flushPromises();
  expect(seen.filter(({ method }) => method === "POST").at(-1)?.body).toEqual({ name: "今天到期", queue: "mine", query: "due=today", shared: true, position: 2 });
  expect(tabs.get('[data-testid="view-9"]').attributes("aria-pressed")).toBe("true");
  tabs.unmount();
});

it("takes a view of one's own away, never a colleague's", async () => {
  const { tabs, seen } = await open({ topic: "P01" }, {
    "DELETE /api/v1/saved-views/1/": () => {
      kept = kept.filter(({ id }) => id !== 1);
      return [204, undefined] as never;
    },
  });
  await tabs.get('[data-testid="view-menu"]').trigger("click");
  await tabs.get('[data-testid="view-remove"]').trigger("click");
  await flushPromises();
  expect(seen.map(({ method }) => method)).toContain("DELETE");
  await tabs.setProps({ filters: { topic: "P02" } });
  expect(tabs.find('[data-testid="view-menu"]').exists()).toBe(false);
  tabs.unmount();
});
