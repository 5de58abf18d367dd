import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it } from "vitest";
import type { CaseDetail } from "@/api/types";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { detail } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import ActionBar from "./ActionBar.vue";

const shown = detail(1, { state: "signed", state_name: "已签收", version: 3, actions: ["start", "reply", "note"] });
const BASE = `POST /api/v1/cases/${shown.number}`;
let bar: VueWrapper<InstanceType<typeof ActionBar>>;
const inDialog = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[role="dialog"] [data-testid="${id}"]`);
  if (!found) throw new Error(`the dialog has no ${id}`);
  return found;
};
const typed = (): string => (inDialog("dialog-text") as HTMLTextAreaElement).value;

function open(routes: Parameters<typeof serve>[0]): Seen[] {
  const seen = serve({ [`GET /api/v1/cases/${shown.number}/reply-templates/`]: [], ...routes });
  bar = mount(ActionBar, { attachTo: document.body, props: { detail: shown }, global: { plugins: [wordsFor({ staff })] } });
  return seen;
}
/** What was changed on the server; what a form looks up to begin with does not count. */
const posted = (seen: Seen[]): unknown[] => seen.filter(({ method }) => method === "POST").map(({ body }) => body);
async function press(verb: string): Promise<void> {
  await bar.get(`[data-testid="act-${verb}"]`).trigger("click");
  await flushPromises();
}
async function write(text: string): Promise<void> {
  const box = inDialog("dialog-text") as HTMLTextAreaElement;
  box.value = text;
  box.dispatchEvent(new Event("input"));
  await flushPromises();
}
async function send(): Promise<void> {
  inDialog("dialog-confirm").closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
}
afterEach(() => bar.unmount());

it("acts on the version that was shown and hands the answer on", async () => {
  const after = detail(1, { state: "in_progress", version: 4 });
  const seen = open({ [`${BASE}/start/`]: after });
  await press("start");
  expect(posted(seen)).toEqual([{ version: 3 }]);
  expect(bar.emitted("acted")).toEqual([[after, "已开始办理"]]);
});

it("wants words before a reply is sent", async () => {
  const seen = open({});
  await press("reply");
  await send();
  expect(document.body.textContent).toContain("请填写答复内容。");
  expect(document.activeElement).toBe(inDialog("dialog-text"));
  expect(posted(seen)).toEqual([]);
});

it("keeps what was typed through a conflict, says what happened, and sends on the new version", async () => {
  const version = 4;
  const seen = open({
    [`${BASE}/reply/`]: ({ body }) =>
      (body as { version: number }).version === version ? detail(1, { state: "replied", version: 5 }) : problem(409, "stale_version", "已更新"),
  });
  await press("reply");
  await write("已责令退款");
  await send();
  expect(typed()).toBe("已责令退款");
  expect(bar.emitted("refetch")).toHaveLength(1);
  await bar.setProps({ detail: { ...shown, state: "in_progress", state_name: "办理中", version } });
  expect(document.body.textContent).toContain("现在是“办理中”");
  expect(typed()).toBe("已责令退款");
  await send();
  expect(posted(seen)).toEqual([
    { version: 3, text: "已责令退款" },
    { version: 4, text: "已责令退款" },
  ]);
  expect(bar.emitted("acted")).toHaveLength(1);
});

it("stops an action that has become impossible, and leaves the words to be copied", async () => {
  const seen = open({});
  await press("reply");
  await write("已责令退款");
  await bar.setProps({ detail: { ...shown, state: "withdrawn", state_name: "已撤回", version: 4, actions: ["note"] } });
  expect(document.body.textContent).toContain("已不能答复");
  expect((inDialog("dialog-confirm") as HTMLButtonElement).disabled).toBe(true);
  await send();
  expect(posted(seen)).toEqual([]);
  expect(typed()).toBe("已责令退款");
});

it("keeps the words when the line breaks", async () => {
  open({ [`${BASE}/note/`]: brokenLine });
  await press("note");
  await write("电话未接通");
  await send();
  expect(document.body.textContent).toContain("网络连接不上");
  expect(typed()).toBe("电话未接通");
  expect(bar.emitted("acted")).toBeUndefined();
});

const GROUNDS = "GET /api/v1/grounds/";
const field = (id: string): HTMLInputElement => inDialog(`dialog-${id}`) as HTMLInputElement;
async function choose(id: string, value: string): Promise<void> {
  field(id).value = value;
  field(id).dispatchEvent(new Event("change"));
  field(id).dispatchEvent(new Event("input"));
  await flushPromises();
}

it("returns a case with a ground of its day of receipt, and says at the field what the server refuses", async () => {
  const seen = open({
    [GROUNDS]: [{ kind: "return", code: "not_our_duty", label: "不属本单位职责" }],
    [`${BASE}/return/`]: problem(400, "unknown_ground", "没有这个情形", { ground: ["这一情形已停用。"] }),
  });
  await bar.setProps({ detail: { ...shown, actions: ["sign", "return"] } });
  await press("return");
  await send();
  expect(document.body.textContent).toContain("请选择退回事由。");
  expect(document.activeElement).toBe(inDialog("dialog-ground"));
  await choose("ground", "not_our_duty");
  await write("属综合执法管辖");
  await send();
  expect(seen[0]?.query.get("received_on")).toBe("2026-11-22");
  expect(seen.at(-1)?.body).toEqual({ version: 3, ground: "not_our_duty", reason: "属综合执法管辖" });
  expect(document.body.textContent).toContain("这一情形已停用。");
  expect(document.activeElement).toBe(inDialog("dialog-ground"));
  expect(typed()).toBe("属综合执法管辖");
  expect(bar.emitted("acted")).toBeUndefined();
});

it("says in the server's words why closing has to wait, and keeps the outcome that was typed", async () => {
  open({ [`${BASE}/close/`]: problem(409, "answers_missing", "还有单位没有反馈：卫生健康局") });
  await bar.setProps({ detail: { ...shown, actions: ["close", "waive"] } });
  await press("close");
  await write("已和解");
  await choose("solved", "yes");
  await choose("recovered", "120.5");
  await send();
  expect(document.body.textContent).toContain("还有单位没有反馈：卫生健康局");
  expect([typed(), field("solved").value, field("recovered").value]).toEqual(["已和解", "yes", "120.5"]);
  expect(bar.emitted("refetch")).toHaveLength(1);
});

it("keeps what has no room in a menu that opens, chooses and closes", async () => {
  open({});
  await bar.setProps({ detail: { ...shown, actions: ["reply", "ask_supplement", "note", "request_extension", "hand_over", "refer_crime", "invite"] } });
  expect(bar.find('[data-testid="act-hand_over"]').exists()).toBe(false);
  await press("more");
  await press("hand_over");
  expect(bar.find('[data-testid="act-refer_crime"]').exists()).toBe(false);
  expect(field("to").value).toBe("authority");
  expect(inDialog("dialog-to_name")).toBeTruthy();
});

it("opens the split form with the text to copy from, and wants every matter complete", async () => {
  const seen = open({ "GET /api/v1/topics/": [], "GET /api/v1/units/": [] });
  await bar.setProps({ detail: { ...shown, actions: ["split", "note"] } });
  await press("split");
  expect(inDialog("split-form").textContent).toContain(shown.text);
  inDialog("split-confirm").closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(document.body.textContent).toContain("请写明这一件的内容。");
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
});

const keyed = (): string | null | undefined => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.getAttribute("role");
const escape = (from: Element | null): unknown => from?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", bubbles: true, cancelable: true }));

it("keeps the keyboard among the actions when the pressed button goes with its step", async () => {
  const after = detail(1, { state: "in_progress", version: 4, actions: ["reply", "note"] });
  serve({ [`${BASE}/start/`]: after });
  bar = mount(ActionBar, {
    attachTo: document.body, global: { plugins: [wordsFor({ staff })] },
    props: { detail: shown, onActed: (fresh: CaseDetail) => void bar.setProps({ detail: fresh }) },
  });
  bar.get<HTMLButtonElement>('[data-testid="act-start"]').element.focus();
  await press("start");
  // not on the next button: a key held down must not take two steps
  expect(keyed()).toBe("group");
});

it("gives the keyboard back to the button of a form that was left", async () => {
  open({});
  await press("reply");
  (document.activeElement as HTMLElement | null)?.blur();
  bar.findComponent({ name: "VerbDialog" }).vm.$emit("closed");
  await flushPromises();
  expect(keyed()).toBe("act-reply");
});

it("closes a form by Escape from a searchable select in which nothing is open", async () => {
  const seen = serve({ "GET /api/v1/units/": [] });
  bar = mount(ActionBar, { attachTo: document.body, props: { detail: detail(1, { actions: ["invite", "note"] }) }, global: { plugins: [wordsFor({ staff })] } });
  await press("invite");
  const box = document.querySelector('[role="dialog"] [role="combobox"]');
  expect(box?.getAttribute("aria-expanded")).toBe("false");
  escape(box);
  await flushPromises();
  expect(bar.emitted("writing")).toEqual([["invite"], [""]]);
  expect(posted(seen)).toEqual([]);
});

it("sends a form by Ctrl+Enter from a searchable select too, which stays shut", async () => {
  const seen = serve({ "GET /api/v1/units/": [] });
  bar = mount(ActionBar, { attachTo: document.body, props: { detail: detail(1, { actions: ["invite", "note"] }) }, global: { plugins: [wordsFor({ staff })] } });
  await press("invite");
  const box = document.querySelector('[role="dialog"] [role="combobox"]');
  box?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true }));
  await flushPromises();
  expect(document.querySelectorAll('[role="dialog"] [data-testid="field-error"]')).toHaveLength(2);
  expect(box?.getAttribute("aria-expanded")).toBe("false");
  expect(posted(seen)).toEqual([]);
});
