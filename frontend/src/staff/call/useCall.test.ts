import { expect, it } from "vitest";
import type { Answer } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import { useCall } from "./useCall";

const receipt = { number: "20261122-000301-2", query_code: "W4UJPJ6K", state: "registered", state_name: "已登记", received_at: "" };

function answering(...answers: Answer[]) {
  return serve({ "POST /api/v1/cases/": () => answers.shift() ?? [201, receipt] });
}

it("comes back after a reload with every keystroke", () => {
  const before = useCall();
  before.begun.call.text = "电梯困";
  const after = useCall();
  expect(after.begun).toEqual(before.begun);
});

it("sends the same content under the same key until the server has answered", async () => {
  const seen = answering(brokenLine);
  const { begun, save, saved, refused } = useCall();
  begun.call.text = "电梯困人";
  expect(await save()).toBe(false);
  expect(refused.value?.unsure).toBe(true);
  begun.call.text = "电梯困人，两位老人";
  expect(await save()).toBe(true);
  expect(saved.value?.number).toBe(receipt.number);
  expect(seen[1]?.headers.get("Idempotency-Key")).toBe(seen[0]?.headers.get("Idempotency-Key"));
  expect(seen[1]?.body).toEqual(seen[0]?.body);
});

it("takes the server's messages to their fields and then the corrected content", async () => {
  const seen = answering(problem(400, "invalid", "号码不对", { "requester.phone": ["号码不对"] }));
  const { begun, save, fields } = useCall();
  Object.assign(begun.call, { text: "漏气", phone: "12" });
  await save();
  expect(fields.value).toEqual({ "requester.phone": "号码不对" });
  begun.call.phone = "13700002222";
  expect(await save()).toBe(true);
  expect(fields.value).toEqual({});
  expect(seen[1]?.body).toMatchObject({ requester: { phone: "13700002222" } });
});

it("saves a call once, however often the key is pressed", async () => {
  const seen = answering();
  const { begun, save } = useCall();
  begun.call.text = "漏气";
  await Promise.all([save(), save()]);
  await save();
  expect(seen).toHaveLength(1);
});

it("begins the next call with a new key and nothing left in the browser", async () => {
  answering();
  const { begun, save, another, saved } = useCall();
  Object.assign(begun.call, { text: "漏气", phone: "13700002222" });
  const key = begun.key;
  await save();
  expect(sessionStorage.length).toBe(0);
  another();
  expect(saved.value).toBeNull();
  expect(begun.call).toMatchObject({ text: "", phone: "" });
  expect(begun.key).not.toBe(key);
});
