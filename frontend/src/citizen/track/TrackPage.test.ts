import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseDetail, CaseStep } from "@/api/types";
import { rememberedCase } from "@/citizen/receipt";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import { clock, detail } from "@/testing/samples";
import type { Answer, Seen } from "@/testing/server";
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
let steps: Partial<CaseStep>[];
let rated: Answer | null;
const at = (id: string) => page.get(`[data-testid="${id}"]`);

async function track(number: string, code: string): Promise<void> {
  await at("number").setValue(number);
  await at("code").setValue(code);
  await page.get("form").trigger("submit");
  await flushPromises();
}

function step(id: number, kind: string, more: Partial<CaseStep> = {}): CaseStep {
  return {
    id, version: id, kind, kind_name: "办理", at: "2026-11-22T02:00:00Z", actor: "", unit: "", from_state: "", to_state: "registered",
    to_state_name: "已登记", reason: "", note: "", until: null, ...more,
  };
}

beforeEach(() => {
  FakeWebSocket.all = [];
  vi.stubGlobal("WebSocket", FakeWebSocket);
  now = detail(1, { actions: ["supplement", "withdraw"] });
  steps = [step(1, "register")];
  rated = null;
  seen = serve({
    [`POST ${BASE}/rate/`]: ({ body }) => {
      if (rated) return rated;
      const { grade } = body as { grade: number };
      now = { ...now, satisfaction: [{ at: "2026-11-23T02:00:00Z", by_phone: false, reached: true, grade, solved: "", comment: "" }] };
      return now;
    },
    [`POST ${BASE}/reopen/`]: () => {
      now = { ...now, state: "in_progress", state_name: "办理中", actions: ["supplement"] };
      return now;
    },
    [`GET ${BASE}/`]: ({ headers }) => (headers.get("X-Case-Code") === "CODE" ? now : problem(404, "no_such_case", "没有")),
    [`GET ${BASE}/events/`]: ({ headers }) =>
      headers.get("X-Case-Code") === "CODE"
        ? steps
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
  expect(at("field-error").text()).toBe(citizen.track.missing);
  expect(document.activeElement).toBe(at("code").element);
  expect((at("number").element as HTMLInputElement).value).toBe(NUMBER);
  await at("code").setValue("WRONG2");
  expect(page.find('[data-testid="field-error"]').exists()).toBe(false);
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

it("says what is wanted and by when, and the date of the next step", async () => {
  now = detail(1, { state: "waiting_citizen", actions: ["supplement"], clocks: [clock("hot.handle"), clock("samr.accept", { label: "受理决定", state: "overdue" }), clock("hot.part", { state: "met" })] });
  steps = [step(1, "register"), step(2, "ask_supplement", { note: "请提供购物小票", until: "2026-11-30" })];
  await track(NUMBER, "CODE");
  expect(at("wanted").text()).toContain("请提供购物小票");
  expect(at("wanted").text()).toContain("2026年11月30日");
  expect(at("timeline").text()).toContain("2026年11月30日");
  expect(page.text()).toContain(citizen.track.state.waiting_citizen.next);
  expect(at("clocks").findAll("dt")).toHaveLength(2);
  expect(at("clocks").text()).toContain(citizen.track.clocks.late);
});

it("tells why it was not accepted and where else to go", async () => {
  now = detail(1, { state: "rejected", actions: [] });
  steps = [step(1, "register"), step(2, "refuse", { reason: "法院已受理", note: "请等待判决。" })];
  await track(NUMBER, "CODE");
  expect(at("refused").text()).toContain("法院已受理");
  expect(at("refused").text()).toContain("请等待判决。");
  expect(page.find(".stages").exists()).toBe(false);
});

it("takes a grade once, and wants one to be chosen", async () => {
  now = detail(1, { state: "closed", actions: ["rate"], replies: [{ unit: "某局", text: "已退款", at: "2026-11-22T02:00:00Z" }] });
  await track(NUMBER, "CODE");
  await at("rate-form").trigger("submit");
  await flushPromises();
  expect(at("rate-form").text()).toContain(citizen.track.rate.empty);
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
  await at("grade-4").get("input").setValue(true);
  await at("rate-comment").setValue(" 还行 ");
  await at("rate-form").trigger("submit");
  await flushPromises();
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({ grade: 4, solved: "", comment: "还行" });
  expect(at("rated").text()).toContain("满意");
  expect(page.find('[data-testid="rate-form"]').exists()).toBe(false);
});

it("keeps what was said when the server refuses the grade", async () => {
  now = detail(1, { state: "closed", actions: ["rate"] });
  rated = problem(409, "rated_already", "您已经评价过了");
  await track(NUMBER, "CODE");
  await at("grade-1").get("input").setValue(true);
  await at("rate-comment").setValue("没有退款");
  await at("rate-form").trigger("submit");
  await flushPromises();
  expect(at("rate-form").text()).toContain("您已经评价过了");
  expect((at("rate-comment").element as HTMLTextAreaElement).value).toBe("没有退款");
});

it("reopens for a reason, on the version that was seen", async () => {
  now = detail(1, { state: "closed", actions: ["reopen"] });
  await track(NUMBER, "CODE");
  await at("reopen").trigger("click");
  await flushPromises();
  await at("reopen-confirm").trigger("click");
  await flushPromises();
  expect(page.text()).toContain(citizen.track.reopen.empty);
  await at("reopen-reason").setValue("退款没有到账");
  await at("reopen-confirm").trigger("click");
  await flushPromises();
  expect(seen.find(({ method }) => method === "POST")?.body).toEqual({ version: 2, reason: "退款没有到账" });
  expect(page.text()).toContain(citizen.track.state.in_progress.now);
  expect(page.find('[data-testid="reopen"]').exists()).toBe(false);
});
