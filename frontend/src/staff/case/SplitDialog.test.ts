import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import type { Answer, Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import SplitDialog from "./SplitDialog.vue";

const after = detail(1, { version: 4 });
const matters = [
  { text: "油烟扰民", topic: "E01", lead: { id: 8, name: "第 8 局" } },
  { text: "无证经营", topic: "S01", lead: { id: 9, name: "第 9 局" } },
];
let dialog: VueWrapper<InstanceType<typeof SplitDialog>>;
let answer: Answer;
let seen: Seen[];
const at = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
async function send(reason: string): Promise<void> {
  const box = at("split-reason") as HTMLTextAreaElement;
  box.value = reason;
  box.dispatchEvent(new Event("input"));
  at("split-confirm").closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
}

beforeEach(async () => {
  seen = serve({
    "GET /api/v1/topics/": [], "GET /api/v1/units/": [],
    "GET /api/v1/suggestion/": { lead: { id: 6, name: "第 6 局" }, participants: [], reasons: [] },
    [`POST /api/v1/cases/${after.number}/split/`]: () => answer,
  });
  const props = { modelValue: true, number: after.number, version: 3, region: "330106", matters };
  dialog = mount(SplitDialog, { attachTo: document.body, props, global: { plugins: [wordsFor({ staff })] } });
  await flushPromises();
});
afterEach(() => dialog.unmount());

it("takes over what is proposed, shows what the rules say, and sends all matters at once", async () => {
  answer = after;
  expect(document.body.textContent).toContain("按规则应由第 6 局牵头");
  await send("两件事");
  expect(seen.at(-1)?.body).toEqual({
    version: 3, reason: "两件事",
    matters: [
      { text: "油烟扰民", topic: "E01", lead: 8, participants: [] },
      { text: "无证经营", topic: "S01", lead: 9, participants: [] },
    ],
  });
  expect(dialog.emitted("split")).toEqual([[after]]);
});

it("says at the matter's own field what the server refuses, and keeps everything", async () => {
  answer = problem(400, "invalid", "没有这个类别", { "matters.1.text": ["请写得具体一些。"] });
  await send("两件事");
  expect(at("matter-0").textContent).not.toContain("请写得具体一些。");
  expect(at("matter-1").textContent).toContain("请写得具体一些。");
  expect(document.activeElement).toBe(at("matter-1").querySelector("textarea"));
  expect((at("split-reason") as HTMLTextAreaElement).value).toBe("两件事");
  expect(dialog.emitted("split")).toBeUndefined();
});

it("tells the page that the case moved on", async () => {
  answer = problem(409, "stale_version", "已更新");
  await send("两件事");
  expect(dialog.emitted("conflict")).toEqual([[true]]);
  expect(dialog.emitted("split")).toBeUndefined();
});
