import { flushPromises, mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import { serve } from "@/testing/server";
import { blanksIn, inserted, templateVerb } from "./templates";
import VerbDialog from "./VerbDialog.vue";

it("knows which steps have templates", () => {
  expect([templateVerb("reply"), templateVerb("close")]).toEqual(["reply", null]);
});

it("puts the words where the cursor stood, on a line of their own, and marks the first blank", () => {
  expect(inserted("您好，再见", 3, 3, "一、【请写事实】，二、【请写依据】")).toEqual({
    text: "您好，\n一、【请写事实】，二、【请写依据】再见", cursor: [6, 12],
  });
  expect(inserted("", 0, 0, "没有空白")).toEqual({ text: "没有空白", cursor: [4, 4] });
  expect(blanksIn("【请写甲】【请写甲】【公告】")).toEqual(["【请写甲】"]);
});

it("fills an answer from a template and does not send it with a blank left", async () => {
  const shown = detail(1, { actions: ["reply"] });
  const sent: unknown[] = [];
  const seen = serve({
    [`GET /api/v1/cases/${shown.number}/reply-templates/`]: [{ id: 3, title: "属实", text: "经核查，【请写事实】", missing: [] }],
    [`POST /api/v1/cases/${shown.number}/reply-check/`]: { findings: [] },
  });
  const dialog = mount(VerbDialog, {
    attachTo: document.body,
    props: {
      verb: "reply", detail: shown, modelValue: true, values: { text: "您好：\n" }, busy: "小何也在填写本件",
      "onUpdate:values": (values: Record<string, unknown>) => void dialog.setProps({ values: values as never }),
      send: (body: unknown) => Promise.resolve(sent.push(body)),
    },
    global: { plugins: [wordsFor({ staff })] },
  });
  await flushPromises();
  const find = (id: string): HTMLElement => {
    const found = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
    if (!found) throw new Error(`no ${id}`);
    return found;
  };
  expect(find("busy").textContent).toBe("小何也在填写本件");
  expect(seen[0]?.query.get("verb")).toBe("reply");
  const pick = find("template-pick") as HTMLSelectElement;
  pick.value = "3";
  pick.dispatchEvent(new Event("change"));
  await flushPromises();
  const box = find("dialog-text") as HTMLTextAreaElement;
  expect(box.value).toContain("经核查，【请写事实】");
  box.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(sent).toEqual([]);
  expect(document.body.textContent).toContain("还有没填写的内容：【请写事实】");
  box.value = "您好：\n经核查，属实";
  box.dispatchEvent(new Event("input"));
  await flushPromises();
  box.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(sent).toMatchObject([{ text: "您好：\n经核查，属实" }]);
  dialog.unmount();
});
