import { mount } from "@vue/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { defineComponent } from "vue";
import { useDictation } from "./useDictation";

class FakeRecogniser {
  static last: FakeRecogniser | null = null;
  lang = "";
  continuous = false;
  interimResults = false;
  started = false;
  onresult: ((heard: object) => void) | null = null;
  onerror: ((event: { error: string }) => void) | null = null;
  onend: (() => void) | null = null;
  constructor() {
    FakeRecogniser.last = this;
  }
  start(): void {
    this.started = true;
  }
  stop(): void {
    this.onend?.();
  }
  abort(): void {
    this.started = false;
  }
  hears(words: string, isFinal: boolean): void {
    this.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript: words }], { isFinal })] });
  }
}

let written: string[];

function used() {
  let dictation!: ReturnType<typeof useDictation>;
  const page = mount(defineComponent({
    setup() {
      dictation = useDictation((words) => written.push(words));
      return () => null;
    },
  }));
  return { dictation, page };
}

beforeEach(() => {
  FakeRecogniser.last = null;
  written = [];
});

it("is not offered where the browser cannot listen", () => {
  expect(used().dictation.available).toBe(false);
});

it("listens to nobody who did not agree, and asks once for this device", () => {
  vi.stubGlobal("webkitSpeechRecognition", FakeRecogniser);
  const { dictation } = used();
  dictation.start();
  expect(FakeRecogniser.last).toBeNull();
  dictation.agree();
  dictation.start();
  expect(FakeRecogniser.last).toMatchObject({ lang: "zh-CN", started: true });
  expect(used().dictation.agreed.value).toBe(true);
});

it("writes what was understood for good, shows the rest, says why it failed, and stops with the page", () => {
  vi.stubGlobal("SpeechRecognition", FakeRecogniser);
  const { dictation, page } = used();
  dictation.agree();
  dictation.start();
  const recogniser = FakeRecogniser.last;
  recogniser?.hears("牛奶过", false);
  expect([written, dictation.hearing.value]).toEqual([[], "牛奶过"]);
  recogniser?.hears("牛奶过期了", true);
  expect([written, dictation.hearing.value]).toEqual([["牛奶过期了"], ""]);
  recogniser?.onerror?.({ error: "not-allowed" });
  expect(dictation.failure.value).toBe("denied");
  recogniser?.stop();
  expect(dictation.listening.value).toBe(false);
  dictation.start();
  page.unmount();
  expect(FakeRecogniser.last?.started).toBe(false);
});
