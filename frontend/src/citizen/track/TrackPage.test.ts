import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseDetail } from "@/api/types";
import { rememberedCase } from "@/citizen/receipt";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import { detail } from "@/testing/samples";
import type { Seen } from "@/testing/server";
import { problem, serve } from "@/testing/server";
import TrackPage from "./TrackPage.vue";

class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: unknown[] = [];
  constructor(readonly url: string) {
    FakeWebSocket.all.push(this);
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }
  close(): void {
    this.onclose?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const NUMBER = detail(1).number;
const BASE = `/api/v1/cases/${NUMBER}`;
let page: VueWrapper;
let now: CaseDetail;
let seen: Seen[];
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function track(number: string, code: string): Promise<void> {
  await at("number").setValue(number);
  await at("code").setValue(code);
  await page.get("form").trigger("submit");
  await flushPromises();
}

beforeEach(() => {
  FakeWebSocket.all = [];
  vi.stubGlobal("WebSocket", FakeWebSocket);
  now = detail(1, { actions: ["supplement", "withdraw"] });
  seen = serve({
    [`GET ${BASE}/`]: ({ headers }) => (headers.get("X-Case-Code") === "CODE" ? now : problem(404, "no_such_case", "没有")),
    [`GET ${BASE}/events/`]: ({ headers }) =>
      headers.get("X-Case-Code") === "CODE"
        ? [{ id: 1, version: 1, kind: "register", kind_name: "提交诉求", at: now.received_at, actor: "", unit: "", from_state: "", to_state: "registered", to_state_name: "已登记", reason: "", note: "" }]
        : problem(404, "no_such_case", "没有"),
    [`POST ${BASE}/withdraw/`]: ({ body }) => {
      now = { ...now, state: "withdrawn", state_name: "已撤回", version: 3, actions: [] };
      return (body as { version: number }).version === 2 ? now : problem(409, "stale", "已更新");
    },
  });
  page = mount(TrackPage, { attachTo: document.body, global: { plugins: [wordsFor({ citizen })] } });
});
afterEach(() => page.unmount());

it("says plainly that number and code do not fit, and follows nothing", async () => {
  await track(NUMBER, "WRONG");
  expect(page.text()).toContain(citizen.track.missing);
  expect((at("number").element as HTMLInputElement).value).toBe(NUMBER);
  expect(FakeWebSocket.all).toEqual([]);
  expect(rememberedCase()).toBeNull();
});

it("asks for what is missing at the field", async () => {
  await page.get("form").trigger("submit");
  expect(page.findAll('[data-testid="field-error"]').map((error) => error.text())).toEqual([
    citizen.track.errors.number, citizen.track.errors.code,
  ]);
  expect(seen).toEqual([]);
});

it("shows the case and changes by itself when it moves", async () => {
  await track(NUMBER, "CODE");
  expect(page.text()).toContain(citizen.track.state.dispatched.now);
  expect(at("timeline").text()).toContain(citizen.track.step.register);
  const socket = FakeWebSocket.all[0];
  socket?.says({ type: "ready", cursor: "1.0" });
  expect(socket?.sent).toEqual([{ type: "watch", number: NUMBER, code: "CODE" }]);
  await flushPromises();
  now = { ...now, state: "replied", state_name: "已答复", version: 5, replies: [{ unit: "某局", text: "已退款", at: now.updated_at }] };
  socket?.says({ type: "event", id: 9, number: NUMBER, kind: "reply", state: "replied", version: 5 });
  await flushPromises();
  expect(at("replies").text()).toContain("已退款");
  expect(page.text()).toContain("有新进展：已答复");
});

it("ignores events of other cases", async () => {
  await track(NUMBER, "CODE");
  const asked = seen.length;
  FakeWebSocket.all[0]?.says({ type: "event", id: 9, number: "20261122-000002-1", kind: "sign", state: "signed", version: 9 });
  await flushPromises();
  expect(seen).toHaveLength(asked);
});

it("withdraws after a second question, with the version that was seen", async () => {
  await track(NUMBER, "CODE");
  await at("withdraw").trigger("click");
  await flushPromises();
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
  await at("withdraw-reason").setValue("已和解");
  await at("withdraw-confirm").trigger("click");
  await flushPromises();
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({ version: 2, reason: "已和解" });
  expect(page.text()).toContain(citizen.track.state.withdrawn.now);
  expect(page.find('[data-testid="withdraw"]').exists()).toBe(false);
});

it("leaves nothing behind on the device", async () => {
  await track(NUMBER, "CODE");
  expect(rememberedCase()).toEqual({ number: NUMBER, code: "CODE" });
  await at("leave").trigger("click");
  await flushPromises();
  expect(rememberedCase()).toBeNull();
  expect(page.find('[data-testid="code"]').exists()).toBe(true);
});
