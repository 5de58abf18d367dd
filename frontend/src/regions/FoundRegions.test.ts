import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { wordsFor } from "@/i18n";
import type { Answer } from "@/testing/server";
import { brokenLine, serve } from "@/testing/server";
import FoundRegions from "./FoundRegions.vue";
import { offersOf } from "./offers";

const place = (code: string, name = code) => ({ code, name, confidence: 0.9, matched: name });
const [xihu, gulouNj, gulouFz] = [place("330106", "浙江省杭州市西湖区"), place("320106", "江苏省南京市鼓楼区"), place("320302", "江苏省徐州市鼓楼区")];
const sure = { candidates: [xihu], ambiguous: false };
const unsure = { candidates: [gulouNj, gulouFz], ambiguous: true };

describe("offersOf", () => {
  it.each([
    ["nothing found", null, "", "none", []],
    ["a province is no answer", { candidates: [place("330000")], ambiguous: false }, "", "none", []],
    ["one", sure, "", "one", ["330106"]],
    ["it is the chosen one", sure, "330106", "none", []],
    ["a part of the chosen city", sure, "330100", "one", ["330106"]],
    ["the chosen one is smaller", { candidates: [place("330100")], ambiguous: false }, "330106", "none", []],
    ["elsewhere than chosen", sure, "330212", "other", ["330106"]],
    ["several: asked", unsure, "", "several", ["320106", "320302"]],
    ["several, the chosen city decides", unsure, "320100", "one", ["320106"]],
    ["several, none in the chosen city", unsure, "330100", "other", ["320106", "320302"]],
    ["one that is not certain is asked, too", { candidates: [xihu], ambiguous: true }, "", "several", ["330106"]],
  ] as const)("%s", (_case, found, chosen, kind, codes) => {
    const offered = offersOf(found as Parameters<typeof offersOf>[0], chosen);
    expect([offered.kind, offered.places.map(({ code }) => code)]).toEqual([kind, codes]);
  });
});

describe("FoundRegions", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));

  function open(answer: Answer, chosen = "") {
    const seen = serve({ "GET /api/v1/regions/find/": answer });
    const shown = mount(FoundRegions, { props: { text: "", chosen }, attachTo: document.body, global: { plugins: [wordsFor({})] } });
    const type = async (text: string) => {
      await shown.setProps({ text });
      vi.advanceTimersByTime(400);
      await flushPromises();
    };
    return { shown, seen, type };
  }

  it("asks once when somebody rests, and takes over only what is clicked", async () => {
    const { shown, seen, type } = open(sure);
    await shown.setProps({ text: "杭州" });
    vi.advanceTimersByTime(300);
    await type("杭州西湖区");
    expect(seen.map(({ query }) => query.get("text"))).toEqual(["杭州西湖区"]);
    expect(shown.emitted("pick")).toBeUndefined();
    await shown.get("button").trigger("click");
    expect(shown.emitted("pick")).toEqual([["330106"]]);
    await shown.setProps({ chosen: "330106" });
    expect(shown.text()).toContain("已填入");
    expect(shown.find("button").exists()).toBe(false);
  });

  it("asks which where several are meant", async () => {
    const { shown, type } = open(unsure);
    await type("鼓楼区中央路1号");
    expect(shown.findAll("button").map((button) => button.text())).toEqual(["江苏省南京市鼓楼区", "江苏省徐州市鼓楼区"]);
  });

  it("says nothing without an answer, and drops an old one", async () => {
    const broken = open(brokenLine);
    await broken.type("杭州西湖区");
    expect(broken.shown.text()).toBe("");
    const { shown, type } = open(sure);
    await type("杭州西湖区");
    await shown.setProps({ text: "宁波" });
    expect(shown.text()).toBe("");
  });
});
