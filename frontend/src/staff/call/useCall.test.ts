import { expect, it } from "vitest";
import { unfinished } from "@/staff/session/unfinished";
import type { Answer } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import { useCall } from "./useCall";

const receipt = { number: "20261122-000301-2", query_code: "W4UJPJ6K", state: "registered", state_name: "已登记", received_at: "" };

function answering(...answers: Answer[]) {
  return serve({ "POST /api/v1/cases/": () => answers.shift() ?? [201, receipt] });
}

async function begin(of: number | null = null, user = "zhou") {
  const made = useCall(user);
  await made.open(of);
  return made;
}

it("comes back after a killed browser with every keystroke, each call for itself", async () => {
  const before = await begin();
  before.begun.call.text = "电梯困";
  await before.open(7, "12315");
  before.begun.call.text = "漏气";
  await expect.poll(() => before.kept.value).toBe(true);
  const after = await begin(7);
  expect(after.begun).toEqual(before.begun);
  expect(after.begun.call.channel).toBe("12315");
  expect(after.left.value).toEqual([{ of: null, text: "电梯困" }]);
  await after.open(null);
  expect(after.begun.call.text).toBe("电梯困");
});

it("shows nobody the drafts of somebody else, and none after a day or a logout", async () => {
  const before = await begin();
  before.begun.call.text = "电梯困";
  await expect.poll(() => before.kept.value).toBe(true);
  expect((await begin(null, "wu")).begun.call.text).toBe("");
  expect(await unfinished.of("zhou", Date.now() + 25 * 3_600_000)).toEqual([]);
  expect(await unfinished.of("zhou")).toEqual([]);
  before.begun.call.text = "电梯困人";
  await expect.poll(() => before.kept.value).toBe(true);
  await unfinished.clear();
  expect((await begin()).begun.call.text).toBe("");
});

it("sends the same content under the same key until the server has answered", async () => {
  const seen = answering(brokenLine);
  const { begun, save, saved, refused } = await begin();
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
  const { begun, save, fields } = await begin();
  Object.assign(begun.call, { text: "漏气", phone: "12" });
  await save();
  expect(fields.value).toEqual({ "requester.phone": "号码不对" });
  begun.call.phone = "13700002222";
  expect(await save()).toBe(true);
  expect(fields.value).toEqual({});
  expect(seen[1]?.body).toMatchObject({ requester: { phone: "13700002222" } });
});

it("saves a call once, however often the key is pressed, and then keeps nothing", async () => {
  const seen = answering();
  const { begun, save, open, saved } = await begin(7);
  Object.assign(begun.call, { text: "漏气", phone: "13700002222" });
  const key = begun.key;
  await Promise.all([save(), save()]);
  await save();
  expect(seen).toHaveLength(1);
  expect(seen[0]?.body).toMatchObject({ call: 7 });
  expect(localStorage.length).toBe(0);
  await open(null);
  expect(saved.value).toBeNull();
  expect(begun.call).toMatchObject({ text: "", phone: "" });
  expect(begun.key).not.toBe(key);
});
