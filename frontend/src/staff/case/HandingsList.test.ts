import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import type { Handings } from "@/api/handings";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { problem, serve } from "@/testing/server";
import HandingsList from "./HandingsList.vue";

const NUMBER = "20261122-000001-4";
const PATH = `/api/v1/cases/${NUMBER}/handings/`;
const handing = { version: 5, verb: "hand_over" as const, to: "authority" as const, to_name: "西湖区人民法院", at: "2026-11-22T08:00:00+08:00", receipt: null };
const waiting: Handings = { handings: [handing], may_reveal: false };
const received: Handings = { handings: [{ ...handing, receipt: { number: "立〔2026〕7号", text: "", at: handing.at } }], may_reveal: false };
const show = () => mount(HandingsList, { attachTo: document.body, props: { number: NUMBER, version: 5 }, global: { plugins: [wordsFor({ staff })] } });
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("records the receiver's number and then shows it", async () => {
  const seen = serve({ [`GET ${PATH}`]: waiting, [`POST ${PATH}5/receipt/`]: received });
  const list = show();
  await flushPromises();
  expect(list.text()).toContain("西湖区人民法院");
  expect(list.text()).not.toContain("不脱敏");
  await list.get('[data-testid="receipt-5"]').setValue(" 立〔2026〕7号 ");
  await list.get("form").trigger("submit");
  await flushPromises();
  expect(seen.at(-1)?.body).toEqual({ receipt_number: "立〔2026〕7号" });
  expect(list.get('[data-testid="handing-received"]').text()).toContain("立〔2026〕7号");
  expect(list.find("form").exists()).toBe(false);
  list.unmount();
});

it("downloads the package masked, and says why when it cannot be made", async () => {
  URL.createObjectURL = vi.fn(() => "blob:x");
  URL.revokeObjectURL = vi.fn();
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  let answer = problem(409, "evidence_changed", "附件已经不是原件");
  const seen = serve({ [`GET ${PATH}`]: waiting, [`POST ${PATH}5/package/`]: () => answer });
  const list = show();
  await flushPromises();
  await list.get('[data-testid="package-5"]').trigger("click");
  await flushPromises();
  expect(list.text()).toContain("附件已经不是原件");
  expect(click).not.toHaveBeenCalled();
  answer = {};
  await list.get('[data-testid="package-5"]').trigger("click");
  await flushPromises();
  expect(seen.at(-1)?.body).toEqual({});
  expect(click).toHaveBeenCalledOnce();
  expect(list.text()).not.toContain("附件已经不是原件");
  list.unmount();
});

it("shows nothing where nothing went away or where it is not for this viewer", async () => {
  for (const answer of [{ handings: [], may_reveal: false }, problem(403, "not_allowed", "你不能这样做")]) {
    serve({ [`GET ${PATH}`]: answer });
    const list = show();
    await flushPromises();
    expect(list.text()).toBe("");
    list.unmount();
  }
});
