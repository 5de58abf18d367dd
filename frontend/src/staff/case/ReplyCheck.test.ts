import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Finding } from "@/api/answers";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, serve } from "@/testing/server";
import { bodyOf, fieldsOf } from "./forms";
import ReplyCheck from "./ReplyCheck.vue";

const number = "20261122-000001-4";
const stop: Finding = { code: "contempt", stops: true, message: "请改写。", spans: [{ start: 2, end: 4 }] };
let answer: Answer;
let seen: Seen[];
let check: VueWrapper;

beforeEach(() => {
  vi.useFakeTimers();
  seen = serve({ [`POST /api/v1/cases/${number}/reply-check/`]: () => answer });
  check = mount(ReplyCheck, { props: { number, text: "", isPublic: false }, global: { plugins: [wordsFor({ staff })] } });
});
afterEach(() => {
  check.unmount();
  vi.useRealTimers();
});

async function type(text: string): Promise<void> {
  await check.setProps({ text });
  await vi.advanceTimersByTimeAsync(1000);
  await flushPromises();
}

it("asks once the typing rests, quotes what is meant, and says that it stops", async () => {
  answer = { findings: [stop] };
  await check.setProps({ text: "😀您" });
  await type("😀您刁民啊");
  expect(seen.map(({ body }) => body)).toEqual([{ text: "😀您刁民啊", public: false }]);
  expect(check.get("[data-testid=finding-contempt]").text()).toContain("刁民");
  expect(check.emitted("stopped")?.at(-1)).toEqual([true]);
});

it("takes the stop back when the text is mended, and keeps quiet when the line is broken", async () => {
  answer = { findings: [stop] };
  await type("一");
  answer = { findings: [] };
  await type("二");
  expect(check.text()).toContain("未发现问题");
  expect(check.emitted("stopped")?.at(-1)).toEqual([false]);
  answer = brokenLine;
  await type("三");
  expect(check.text()).toContain("未发现问题");
});

it("asks for a reason only while something stops the answer", () => {
  const names = (values: Record<string, string | boolean>): string[] => fieldsOf("reply", values).map(({ name }) => name);
  expect(names({ text: "一" })).toEqual(["text"]);
  expect(names({ text: "一", stopped: true })).toEqual(["text", "override"]);
  expect(bodyOf("reply", { text: "一", stopped: true, override: "原话" })).toEqual({ text: "一", override: "原话" });
  expect(bodyOf("reply", { text: "一", stopped: false, override: "原话" })).toEqual({ text: "一" });
});
