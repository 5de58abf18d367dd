/**
 * Speaking instead of typing, where the browser has it (Web Speech API, a draft of the W3C). Most browsers send the
 * sound to their maker's service to understand it, so nobody is listened to before they agreed to that.
 */
import { onUnmounted, ref } from "vue";
import { keep, kept } from "@/citizen/keeping";

const AGREED = "zst.dictation";

interface Heard {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

interface Recogniser {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((heard: Heard) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  abort: () => void;
  stop: () => void;
}

type Maker = new () => Recogniser;

function maker(): Maker | undefined {
  const has = window as unknown as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return has.SpeechRecognition ?? has.webkitSpeechRecognition;
}

export type Failure = "denied" | "nothing" | "failed";

/** `write` gets each piece of text that was understood for good. */
export function useDictation(write: (words: string) => void) {
  const Recognition = maker();
  const agreed = ref(kept("local", AGREED) === true);
  const listening = ref(false);
  /** What is being understood, before it is final. */
  const hearing = ref("");
  const failure = ref<Failure | null>(null);
  let running: Recogniser | null = null;

  function agree(): void {
    agreed.value = true;
    keep("local", AGREED, true);
  }

  function start(): void {
    if (!Recognition || !agreed.value || running) return;
    const recogniser = (running = new Recognition());
    recogniser.lang = "zh-CN";
    recogniser.continuous = true;
    recogniser.interimResults = true;
    recogniser.onresult = ({ resultIndex, results }) => {
      hearing.value = "";
      for (let n = resultIndex; n < results.length; n++) {
        const result = results[n];
        const words = result?.[0]?.transcript ?? "";
        if (result?.isFinal) write(words);
        else hearing.value += words;
      }
    };
    recogniser.onerror = ({ error }) => {
      if (error === "aborted") return;
      failure.value = error === "not-allowed" || error === "service-not-allowed" ? "denied" : error === "no-speech" ? "nothing" : "failed";
    };
    recogniser.onend = () => {
      listening.value = false;
      hearing.value = "";
      running = null;
    };
    failure.value = null;
    listening.value = true;
    recogniser.start();
  }

  onUnmounted(() => running?.abort());

  return { available: Recognition !== undefined, agreed, listening, hearing, failure, agree, start, stop: () => running?.stop() };
}
