import { expect, it } from "vitest";
import { bodyOf, emptyCall } from "./call";

it("sends what was written down and nothing else", () => {
  expect(bodyOf({ ...emptyCall(), text: "电梯困人", phone: "13800001234", region: "330106" })).toEqual({
    channel: "phone", text: "电梯困人", region: "330106", requester: { phone: "13800001234" },
  });
});

it("keeps an anonymous reporter's data out, even if it was typed before", () => {
  const call = { ...emptyCall(), text: "举报窝点", name: "李四", phone: "13800001234", anonymous: true };
  expect(bodyOf(call).requester).toEqual({ anonymous: true });
});

it("begins the next call on the same line, with nothing of the last caller", () => {
  const before = { ...emptyCall(), channel: "12315" as const, sourceLine: "二组", name: "李四", text: "x" };
  expect(emptyCall(before)).toEqual({ ...emptyCall(), channel: "12315", sourceLine: "二组" });
});
