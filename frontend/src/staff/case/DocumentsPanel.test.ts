import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import type { Documents } from "@/api/documents";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Seen } from "@/testing/server";
import { serve } from "@/testing/server";
import DocumentsPanel from "./DocumentsPanel.vue";

const NUMBER = "20261122-000001-4";
const PATH = `/api/v1/cases/${NUMBER}/documents/`;
const made = {
  id: 7, form: "work_order", title: "工单", number: "杭西市监工单〔2026〕第1号", code: "3391-2026-1-7KQ4MZ",
  unit: "杭州市西湖区市场监督管理局", made_at: "2026-11-22T08:00:00+08:00", made_by: "小林",
};
const papers: Documents = {
  made: [made],
  forms: [
    { code: "work_order", title: "工单", style: 0, basis: "", missing: [], asks: [] },
    {
      code: "identity_notice", title: "限期提供身份证明材料通知书", style: 4, basis: "第十条", missing: [],
      asks: [{ name: "until", kind: "date", label: "提供期限", required: true }],
    },
    { code: "mediation_end", title: "投诉终止调解决定书", style: 8, basis: "", missing: ["调解终止及其情形"], asks: [] },
  ],
  may_reveal: false,
};
let panel: VueWrapper;
let seen: Seen[];
afterEach(() => {
  panel.unmount();
});

async function open(): Promise<void> {
  seen = serve({ [`GET ${PATH}`]: papers, [`POST ${PATH}`]: made, [`GET /api/v1/cases/${NUMBER}/handings/`]: { handings: [], may_reveal: false } });
  panel = mount(DocumentsPanel, { attachTo: document.body, props: { number: NUMBER, version: 3 }, global: { plugins: [wordsFor({ staff })] } });
  await flushPromises();
  expect(seen).toHaveLength(0); // nobody asked yet
  panel.get<HTMLDetailsElement>("details").element.open = true;
  await panel.get("details").trigger("toggle");
  await flushPromises();
}

it("shows what was made, what can be made and what is missing", async () => {
  await open();
  expect(panel.text()).toContain("杭西市监工单〔2026〕第1号");
  expect(panel.get(`a[href="${PATH}7/"]`).attributes("target")).toBe("_blank");
  expect(panel.text()).toContain("缺少：调解终止及其情形");
  expect(panel.find('[data-testid="make-mediation_end"]').exists()).toBe(false);
  expect(panel.text()).not.toContain("不脱敏打印");
});

it("makes a paper with one click, or asks first for what it needs", async () => {
  await open();
  await panel.get('[data-testid="make-work_order"]').trigger("click");
  await flushPromises();
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({ form: "work_order", given: {} });
  expect(panel.get('[data-testid="document-open"]').attributes("href")).toBe(`${PATH}7/`);

  await panel.get('[data-testid="make-identity_notice"]').trigger("click");
  await flushPromises();
  const day = document.querySelector<HTMLInputElement>('[data-testid="dialog-until"]');
  if (!day) throw new Error("no dialog");
  day.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1); // the empty field was told instead
  day.value = "2026-12-02";
  day.dispatchEvent(new Event("input"));
  day.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(seen.filter(({ method }) => method === "POST")[1]?.body).toEqual({ form: "identity_notice", given: { until: "2026-12-02" } });
});
