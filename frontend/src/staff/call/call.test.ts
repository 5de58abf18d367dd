import { expect, it } from "vitest";
import type { Question } from "@/api/calls";
import { bodyOf, channelOf, emptyCall, hasWords, openQuestions } from "./call";
import { deedOf, SHORTCUTS } from "./keys";

const question = (id: number, field: string, required = false): Question => ({ id, field, label: field, kind: "text", choices: [], required });

it("sends what was written down and nothing else", () => {
  expect(bodyOf({ ...emptyCall(), text: "电梯困人", phone: "13800001234", region: "330106" })).toEqual({
    channel: "phone", text: "电梯困人", region: "330106", requester: { phone: "13800001234" },
  });
});

it("sends the call, the answers to the questions that are asked, and where the caller was passed on to", () => {
  const call = { ...emptyCall(), text: "漏气", answers: { lot: " A1 ", gone: "x", empty: " " } };
  const around = { call: 7, questions: [question(1, "lot"), question(2, "empty")], transferredTo: "119" as const };
  expect(bodyOf(call, around)).toEqual({
    channel: "phone", text: "漏气", call: 7, answers: [{ question: 1, value: "A1" }], transferred_to: "119",
  });
});

it("keeps an anonymous reporter's data out, even if it was typed before", () => {
  const call = { ...emptyCall(), text: "举报窝点", name: "李四", phone: "13800001234", anonymous: true };
  expect(bodyOf(call).requester).toEqual({ anonymous: true });
});

it("begins the next call on the same line, with nothing of the last caller", () => {
  const before = { ...emptyCall(), channel: "12315" as const, sourceLine: "二组", name: "李四", text: "x", answers: { a: "b" } };
  expect(emptyCall(before)).toEqual({ ...emptyCall(), channel: "12315", sourceLine: "二组" });
});

it("knows what would be missed and what was not asked yet", () => {
  expect(hasWords({ ...emptyCall(), channel: "12345", sourceLine: "二组", anonymous: true, text: " " })).toBe(false);
  expect(hasWords({ ...emptyCall(), answers: { lot: "1" } })).toBe(true);
  const call = { ...emptyCall(), answers: { a: "1", b: " " } };
  const open = openQuestions(call, [question(1, "a", true), question(2, "b", true), question(3, "c")]);
  expect(open.map(({ field }) => field)).toEqual(["b"]);
});

it("takes the channel from the called line where there is one", () => {
  expect([channelOf("12315"), channelOf("057188880000")]).toEqual(["12315", "phone"]);
});

it("gives each shortcut one meaning and leaves other keys alone", () => {
  const press = (code: string, held: object = {}) => deedOf({ code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...held });
  for (const { does, code } of SHORTCUTS) expect(press(code, does === "save" ? { ctrlKey: true } : { altKey: true })).toBe(does);
  expect(new Set(SHORTCUTS.map(({ code }) => code)).size).toBe(SHORTCUTS.length);
  expect([press("KeyA"), press("Digit1", { ctrlKey: true }), press("KeyN", { altKey: true, ctrlKey: true }), press("Enter", { altKey: true })]).toEqual([null, null, null, null]);
});
