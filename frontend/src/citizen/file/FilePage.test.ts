import type { VueWrapper } from "@vue/test-utils";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import { regions } from "@/testing/samples";
import type { Answer, Seen } from "@/testing/server";
import { brokenLine, problem, serve } from "@/testing/server";
import FilePage from "./FilePage.vue";

const receipt = {
  number: "20261122-000301-2", query_code: "W4UJPJ6K", state: "registered", state_name: "已登记", received_at: "2026-11-22T02:00:00Z",
};
let page: VueWrapper;
let answers: Answer[];
let seen: Seen[];
let hint: Answer;
let near: Answer;

const at = (id: string) => page.get(`[data-testid="${id}"]`);
const errors = (): string[] => page.findAll('[data-testid="field-error"]').map((error) => error.text());
const posts = (): Seen[] => seen.filter(({ method, path }) => method === "POST" && path === "/api/v1/cases/");
const focused = (): string | undefined => (document.activeElement as HTMLElement).dataset.testid;

async function forward(): Promise<void> {
  await page.get("form").trigger("submit");
  await flushPromises();
}

function open(): void {
  page = mount(FilePage, { attachTo: document.body, global: { plugins: [wordsFor({ citizen })] } });
}

async function fillTo(step: "where" | "who" | "review"): Promise<void> {
  await at("text").setValue("今天在超市买的牛奶已经过期三天");
  await forward();
  await at("region-province").setValue("330000");
  await at("region-county").setValue("330106");
  if (step === "where") return;
  await forward();
  await at("name").setValue("张小明");
  await at("phone").setValue("13812345678");
  await at("consent").setValue(true);
  if (step === "review") await forward();
}

beforeEach(() => {
  window.history.replaceState(null, "", "/");
  window.dispatchEvent(new PopStateEvent("popstate"));
  vi.spyOn(window, "scrollTo").mockImplementation(() => undefined);
  answers = [];
  hint = { topic: null, danger: false };
  near = { results: [] };
  seen = serve({
    "GET /api/v1/regions/": regions,
    "POST /api/v1/cases/": () => answers.shift() ?? [201, receipt],
    "POST /api/v1/hints/topic/": () => hint,
    "POST /api/v1/hints/nearby/": () => near,
  });
  open();
});
afterEach(() => page.unmount());

it("sends what was written, shows number and code, and forgets the draft", async () => {
  await fillTo("review");
  expect(page.text()).toContain("浙江省杭州市西湖区");
  await forward();
  expect(at("number").text()).toBe(receipt.number);
  expect(at("code").text()).toBe(receipt.query_code);
  expect(posts()).toHaveLength(1);
  expect(posts()[0]?.body).toEqual({
    text: "今天在超市买的牛奶已经过期三天", region: "330106", requester: { name: "张小明", phone: "13812345678" },
    declared: { consents: ["notice"] },
  });
  expect(posts()[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  expect(localStorage.getItem("zst.draft.matter")).toBeNull();
  expect(sessionStorage.getItem("zst.draft.person")).toBeNull();
});

it("still shows number and code after a reload, until another one is begun", async () => {
  await fillTo("review");
  await forward();
  page.unmount();
  open();
  expect(at("code").text()).toBe(receipt.query_code);
});

describe("bad input", () => {
  it("is told at the field, with the focus there, and goes when the field is corrected", async () => {
    await forward();
    expect(errors()).toEqual([citizen.file.errors.text]);
    expect(focused()).toBe("text");
    await at("text").setValue("牛奶过期");
    expect(errors()).toEqual([]);
  });

  it("does not lead on past the step it is in, whatever the address says", async () => {
    window.history.replaceState(null, "", "/?step=review");
    window.dispatchEvent(new PopStateEvent("popstate"));
    await flushPromises();
    expect(page.find('[data-testid="text"]').exists()).toBe(true);
    expect(posts()).toEqual([]);
  });

  it("found by the server is shown in its step; nothing typed is lost and a correction is sent as the same draft", async () => {
    answers.push(problem(400, "invalid", "这不像是电话号码。", { "requester.phone": ["这不像是电话号码。"] }));
    await fillTo("review");
    await forward();
    expect(errors()).toEqual(["这不像是电话号码。"]);
    expect(focused()).toBe("phone");
    expect((at("name").element as HTMLInputElement).value).toBe("张小明");
    await at("phone").setValue("13700002222");
    expect(errors()).toEqual([]);
    await forward();
    await forward();
    expect(at("number").text()).toBe(receipt.number);
    const [first, second] = posts();
    expect(second?.headers.get("Idempotency-Key")).toBe(first?.headers.get("Idempotency-Key"));
    expect(second?.body).toMatchObject({ requester: { phone: "13700002222" } });
  });
});

describe("a broken line", () => {
  it("keeps the draft; the resend carries the same key and body", async () => {
    answers.push(brokenLine, [502, "<html>"]);
    await fillTo("review");
    await forward();
    expect(page.text()).toContain(citizen.file.unsure.title);
    await forward();
    expect(page.text()).toContain(citizen.file.unsure.title);
    await forward();
    expect(at("number").text()).toBe(receipt.number);
    expect(new Set(posts().map(({ headers }) => headers.get("Idempotency-Key"))).size).toBe(1);
    expect(posts().map(({ body }) => JSON.stringify(body))).toEqual(Array(3).fill(JSON.stringify(posts()[0]?.body)));
  });

  it("survives a reload: the unanswered sending is what the page comes back to", async () => {
    answers.push(brokenLine);
    await fillTo("review");
    await forward();
    page.unmount();
    window.history.replaceState(null, "", "/");
    window.dispatchEvent(new PopStateEvent("popstate"));
    open();
    expect(page.text()).toContain(citizen.file.unsure.title);
    await forward();
    expect(at("number").text()).toBe(receipt.number);
    expect(posts()[1]?.headers.get("Idempotency-Key")).toBe(posts()[0]?.headers.get("Idempotency-Key"));
    expect(posts()[1]?.body).toEqual(posts()[0]?.body);
  });
});

it("asks what to do when the key was used for another content, and then takes a new one", async () => {
  answers.push(problem(409, "key_reused", "已用过"));
  await fillTo("review");
  await forward();
  expect(page.text()).toContain(citizen.file.reused.title);
  await page.findAll("button").find((button) => button.text() === citizen.file.reused.anew)?.trigger("click");
  await forward();
  expect(at("number").text()).toBe(receipt.number);
  expect(posts()[1]?.headers.get("Idempotency-Key")).not.toBe(posts()[0]?.headers.get("Idempotency-Key"));
});

it("asks an anonymous reporter for nothing and sends nothing personal", async () => {
  await fillTo("who");
  await at("anonymous").setValue();
  expect(page.find('[data-testid="name"]').exists()).toBe(false);
  await forward();
  await forward();
  expect(posts()[0]?.body).toMatchObject({ requester: { anonymous: true } });
  expect(JSON.stringify(posts()[0]?.body)).not.toMatch(/张小明|13812345678/);
});

it("asks whether it is about the topic the model takes it for, and sends the answer as the writer's word", async () => {
  hint = { topic: { code: "P01", name: "食品安全" }, danger: true };
  await fillTo("where");
  await page.findAll("button").find((button) => button.text() === "返回")?.trigger("click");
  await flushPromises();
  expect(at("topic-question").text()).toContain("食品安全");
  expect(at("danger").text()).toContain("110");
  await at("topic-no").trigger("click");
  await forward();
  await forward();
  await at("anonymous").setValue();
  await forward();
  await forward();
  expect(posts()[0]?.body).toMatchObject({ declared: { topic: "P01", topic_answer: "no" } });
});

it("offers like cases nearby; the same here goes along as a hint", async () => {
  near = { results: [{ key: "k1", topic: { code: "V05", name: "餐饮油烟" }, region: { code: "330106", name: "西湖区" }, received_on: "2026-11-20" }] };
  await fillTo("where");
  await flushPromises();
  expect(at("nearby").text()).toContain("11月20日");
  await at("me-too").trigger("click");
  await forward();
  await at("anonymous").setValue();
  await at("consent-publish").setValue(true);
  await forward();
  await forward();
  expect(posts()[0]?.body).toMatchObject({ declared: { same_as: "k1", consents: ["publish"] } });
});

it("goes on without a hint that does not come", async () => {
  hint = problem(429, "throttled", "太频繁");
  near = brokenLine;
  await fillTo("review");
  await forward();
  expect(posts()).toHaveLength(1);
});

it("sends again by itself when the network is back, under the same key", async () => {
  answers.push(brokenLine);
  await fillTo("review");
  await forward();
  window.dispatchEvent(new Event("offline"));
  await flushPromises();
  expect(at("offline").text()).toBe(citizen.file.offline);
  window.dispatchEvent(new Event("online"));
  await flushPromises();
  expect(at("number").text()).toBe(receipt.number);
  expect(posts().map(({ body }) => body)[1]).toEqual(posts()[0]?.body);
});

it("wants a consent of its own for an identity number", async () => {
  await fillTo("who");
  await page.findAll("button").find((button) => button.text() === citizen.file.who.more)?.trigger("click");
  await at("id-number").setValue("330106199001011234");
  await forward();
  expect(errors()).toEqual([citizen.file.errors.consentId]);
  await at("consent-id").setValue(true);
  await forward();
  await forward();
  expect(posts()[0]?.body).toMatchObject({ requester: { id_number: "330106199001011234" }, declared: { consents: ["notice", "sensitive"] } });
});
