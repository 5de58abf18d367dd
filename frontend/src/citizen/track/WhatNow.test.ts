import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { CaseStep } from "@/api/types";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import WhatNow from "./WhatNow.vue";

const step = (version: number, kind: string, reason: string): CaseStep => ({
  id: version, version, kind, kind_name: "", at: "2026-11-22T08:00:00+08:00", actor: "", unit: "", from_state: "signed", to_state: "handed_over",
  to_state_name: "", reason, note: "", until: null,
});
const show = (steps: CaseStep[]) => mount(WhatNow, { props: { state: "handed_over", steps }, global: { plugins: [wordsFor({ citizen })] } });

it("says where a case went and, once it is known, under which number it is there", () => {
  const went = step(4, "hand_over", "西湖区人民法院");
  expect(show([went]).text()).toContain("西湖区人民法院");
  expect(show([went]).find('[data-testid="handed-number"]').exists()).toBe(false);
  expect(show([went, step(5, "hand_over_receipt", "立〔2026〕7号")]).get('[data-testid="handed-number"]').text()).toBe("立〔2026〕7号");
});
