import type { Ref } from "vue";
import { computed, ref } from "vue";
import { sendFile } from "@/api/attachments";
import { asProblem } from "@/api/problem";

export const MAX_FILES = 12;
export const MAX_MB = 20;
/** The kinds the server takes. */
export const ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,application/pdf,video/mp4,video/webm,audio/mpeg";

export interface Upload {
  id: number;
  file: File;
  state: "waiting" | "sending" | "done" | "failed";
  /** Part sent, 0..1. */
  part: number;
  /** The server's words, or "" when the network failed. */
  problem: string;
}

export type Refusal = { why: "tooBig" | "empty"; name: string } | { why: "tooMany" };

/** Files chosen for one case. They are sent one after the other; one that failed is sent again on demand. */
export function useUploads() {
  const uploads: Ref<Upload[]> = ref([]);
  let nextId = 1;

  function add(files: Iterable<File>): Refusal[] {
    const refusals: Refusal[] = [];
    for (const file of files) {
      if (file.size === 0) refusals.push({ why: "empty", name: file.name });
      else if (file.size > MAX_MB * 1024 * 1024) refusals.push({ why: "tooBig", name: file.name });
      else if (uploads.value.length >= MAX_FILES) {
        refusals.push({ why: "tooMany" });
        break;
      } else uploads.value.push({ id: nextId++, file, state: "waiting", part: 0, problem: "" });
    }
    return refusals;
  }

  function remove(id: number): void {
    uploads.value = uploads.value.filter((upload) => upload.id !== id);
  }

  async function send(upload: Upload, number: string, code: string): Promise<void> {
    upload.state = "sending";
    upload.part = 0;
    upload.problem = "";
    try {
      await sendFile(number, upload.file, code, (part) => (upload.part = part));
      upload.state = "done";
    } catch (error) {
      upload.state = "failed";
      upload.problem = asProblem(error).detail;
    }
  }

  /** Sends everything that is not there yet. */
  async function sendAll(number: string, code: string): Promise<void> {
    for (const upload of uploads.value) {
      if (upload.state === "waiting" || upload.state === "failed") await send(upload, number, code);
    }
  }

  return {
    uploads,
    add,
    remove,
    sendAll,
    busy: computed(() => uploads.value.some(({ state }) => state === "sending" || state === "waiting")),
    failed: computed(() => uploads.value.some(({ state }) => state === "failed")),
    finished: computed(() => uploads.value.length > 0 && uploads.value.every(({ state }) => state === "done")),
  };
}
