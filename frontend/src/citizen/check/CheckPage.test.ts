import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import { go } from "@/citizen/shell/address";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import { serve } from "@/testing/server";
import CheckPage from "./CheckPage.vue";

let page: VueWrapper;
afterEach(() => page.unmount());

async function open(query: Record<string, string>, found: object = {}) {
  go("/check", query);
  const seen = serve({ "GET /api/v1/documents/check/": found });
  page = mount(CheckPage, { attachTo: document.body, global: { plugins: [wordsFor({ citizen })] } });
  await flushPromises();
  return seen;
}

it("asks for the code at its field, and the message goes when something is typed", async () => {
  const seen = await open({});
  expect(page.find("[data-testid=field-error]").exists()).toBe(false);
  await page.get("form").trigger("submit");
  await flushPromises();
  expect(page.get("[data-testid=field-error]").text()).toBe(citizen.check.empty);
  expect((document.activeElement as HTMLElement).dataset.testid).toBe("check-code");
  expect(seen).toEqual([]);
  await page.get("[data-testid=check-code]").setValue("3");
  expect(page.find("[data-testid=field-error]").exists()).toBe(false);
});

it("checks at once what its square code brought, and says the day in words", async () => {
  await open({ code: "3391-2026-1-7KQ4MZ" }, { genuine: true, title: "受理告知书", number: "1 号", unit: "某局", made_on: "2026-11-02" });
  expect(page.get("[data-testid=checked]").text()).toContain(citizen.check.genuine);
  expect(page.get("[data-testid=checked]").text()).toContain("2026年11月2日");
});
