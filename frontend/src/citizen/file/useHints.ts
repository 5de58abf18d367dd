/** What the server asks back while somebody writes. A hint that does not come is no error: the form goes on without. */
import { ref, shallowRef, watch } from "vue";
import { askNearby, askTopic } from "@/api/hints";
import { asProblem } from "@/api/problem";
import type { Near, TopicHint } from "@/api/types";
import type { Draft } from "./draft";
import { regionOf } from "./draft";

const LEAST = 8; // characters; less says nothing
const PAUSE_MS = 1500; // of writing

export function useHints(draft: Draft) {
  const hint = shallowRef<TopicHint | null>(null);
  const near = shallowRef<Near[]>([]);
  const asked = ref({ topic: "", near: "" });
  let topicCall: AbortController | undefined;
  let nearCall: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function topic(): Promise<void> {
    clearTimeout(pause);
    const text = draft.matter.text.trim();
    if (text === asked.value.topic) return;
    asked.value.topic = text;
    topicCall?.abort();
    const mine = (topicCall = new AbortController());
    if (text.length < LEAST) {
      hint.value = null;
      return;
    }
    try {
      const found = await askTopic(text, mine.signal);
      if (mine.signal.aborted) return;
      hint.value = found;
      // an answer belongs to the topic it was given for
      if (found.topic?.code !== draft.said.topic) Object.assign(draft.said, { topic: found.topic?.code ?? "", answer: "" });
    } catch (error) {
      if (!mine.signal.aborted) asProblem(error);
    }
  }

  async function nearby(): Promise<void> {
    const text = draft.matter.text.trim();
    const region = draft.matter.city === "" ? "" : regionOf(draft.matter);
    const key = `${region} ${text}`;
    if (key === asked.value.near) return;
    asked.value.near = key;
    nearCall?.abort();
    const mine = (nearCall = new AbortController());
    near.value = [];
    if (region === "" || text.length < LEAST) return;
    try {
      const found = await askNearby(text, region, mine.signal);
      if (!mine.signal.aborted) near.value = found;
    } catch (error) {
      if (!mine.signal.aborted) asProblem(error);
    }
  }

  watch(() => draft.matter.text, () => {
    clearTimeout(pause);
    pause = setTimeout(() => void topic(), PAUSE_MS);
  });
  // what was said to be the same lies in another place then
  watch(() => regionOf(draft.matter), () => (draft.said.sameAs = ""));

  return {
    hint, near, topic, nearby,
    stop: () => {
      clearTimeout(pause);
      topicCall?.abort();
      nearCall?.abort();
    },
  };
}
