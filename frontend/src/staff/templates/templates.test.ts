import { flushPromises, mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { Template } from "@/api/workbench";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import TemplatesPage from "./TemplatesPage.vue";

const template = (id: number, more: Partial<Template> = {}): Template => ({
  id, verb: "reply", verb_name: "答复", title: `模板${id}`, body: "您好{编号}", topics: "", intents: "complaint", unit: null, position: 10, active: true,
  changed_by: "", changed_at: "2026-11-22T02:00:00Z", may_change: true, ...more,
});

async function open(results: Template[], more: Parameters<typeof serve>[0] = {}) {
  const seen: Seen[] = serve({ "GET /api/v1/reply-templates/": { results, placeholders: ["编号", "单位"] }, "GET /api/v1/units/": [], "GET /api/v1/topics/": [{ code: "P01", domain: "product", name: "食品" }], ...more });
  const page = mount(TemplatesPage, { attachTo: document.body, global: { plugins: [wordsFor({ staff })] } });
  await flushPromises();
  return { page, seen };
}
const find = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);

it("groups templates by their step and says which rest", async () => {
  const { page } = await open([template(1), template(2, { verb: "refuse", active: false })]);
  expect(page.findAll("h2").map((heading) => heading.text())).toEqual(["答复", "不予受理"]);
  expect(page.get('[data-testid="template-2"]').text()).toContain("已停用");
  page.unmount();
});

it("changes one, keeps what it does not show, and tells a refusal at its field", async () => {
  const { page, seen } = await open([template(1)], {
    "PUT /api/v1/reply-templates/1/": problem(400, "bad_template", "没有这个占位", { body: ["不认识：姓名"] }),
  });
  await page.get('[data-testid="template-1"]').trigger("click");
  await flushPromises();
  const box = find("template-body");
  if (!(box instanceof HTMLTextAreaElement)) throw new Error("no form");
  box.value = "{姓名}";
  box.dispatchEvent(new Event("input"));
  find("template-save")?.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(seen.at(-1)?.body).toMatchObject({ verb: "reply", title: "模板1", body: "{姓名}", intents: "complaint", unit: null, position: 10, active: true });
  expect(document.body.textContent).toContain("不认识：姓名");
  expect(box.value).toBe("{姓名}");
  page.unmount();
});

it("only shows what belongs to others", async () => {
  const { page } = await open([template(1, { may_change: false })]);
  await page.get('[data-testid="template-1"]').trigger("click");
  await flushPromises();
  expect(find("template-save")).toBeNull();
  expect(find("template-remove")).toBeNull();
  page.unmount();
});

it("says for what a template is meant by name, not by code", async () => {
  const { page } = await open([template(1, { topics: "P01 S" })]);
  expect(page.get('[data-testid="template-1"]').text()).toContain("食品、服务质量（整个领域）");
  page.unmount();
});

it("offers nothing to try again to whoever may not see them", async () => {
  const { page } = await open([], { "GET /api/v1/reply-templates/": problem(403, "not_allowed", "只有监督员可以维护答复模板。") });
  expect(page.text()).toContain("只有监督员可以维护答复模板。");
  expect(page.findAll("button")).toEqual([]);
  page.unmount();
});
