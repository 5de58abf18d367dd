import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseDetail } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { serve } from "@/testing/server";
import RequesterCard from "./RequesterCard.vue";

const clear = { name: "张小明", phone: "13812341234", id_number: "", address: "", text: "牛奶过期，我的电话 13812341234" };
let card: VueWrapper;
let seen: Seen[];

function open(more: Partial<CaseDetail> = {}): void {
  const shown = detail(1, { actions: ["reveal"], ...more });
  seen = serve({ [`POST /api/v1/cases/${shown.number}/reveal/`]: clear });
  card = mount(RequesterCard, { attachTo: document.body, props: { detail: shown }, global: { plugins: [wordsFor({ staff })] } });
}

async function reveal(reason: string): Promise<void> {
  await card.get('[data-testid="reveal"]').trigger("click");
  await vi.advanceTimersByTimeAsync(100);
  const box = document.querySelector<HTMLTextAreaElement>('[data-testid="dialog-text"]');
  if (!box) throw new Error("no dialog");
  box.value = reason;
  box.dispatchEvent(new Event("input"));
  box.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  card.unmount();
  vi.useRealTimers();
});

it("shows masked data, and the clear text only for a reason", async () => {
  open();
  expect(card.text()).toContain("138****1234");
  await reveal("  ");
  expect(seen).toEqual([]);
  expect(card.text()).not.toContain(clear.phone);
  await reveal("核实购买时间");
  expect(seen[0]?.body).toEqual({ reason: "核实购买时间" });
  expect(card.text()).toContain(clear.phone);
});

it("masks again by itself after two minutes", async () => {
  open();
  await reveal("核实购买时间");
  await vi.advanceTimersByTimeAsync(119_000);
  expect(card.text()).toContain(clear.phone);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(card.text()).not.toContain(clear.phone);
  expect(card.text()).toContain("138****1234");
});

it("masks at once when another case is shown", async () => {
  open();
  await reveal("核实购买时间");
  await card.setProps({ detail: detail(2, { actions: ["reveal"] }) });
  expect(card.text()).not.toContain(clear.phone);
});

it("offers nothing where the server allows nothing, and says that a reporter is sealed", () => {
  open({ actions: [], sealed: true, requester: { name: "", phone: "", id_number: "", address: "", anonymous: false } });
  expect(card.find('[data-testid="reveal"]').exists()).toBe(false);
  expect(card.text()).toContain(staff.case.sealed);
});
