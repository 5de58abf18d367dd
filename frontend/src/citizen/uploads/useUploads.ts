import type { Ref } from "vue";
import { computed, ref } from "vue";
import { sendFile } from "@/api/attachments";
import { asProblem } from "@/api/problem";

export const MAX_FILES = 12;
export const MAX_MB = 20;
export const MAX_VIDEO_MB = 100;
/** The kinds the server takes; it looks at the content. Named one by one, so that phones turn HEIC into JPEG. */
export const PICTURES = "image/jpeg,image/png,image/gif,image/webp";
export const VIDEOS = "video/mp4,video/quicktime,video/webm";
export const ACCEPTED = `${PICTURES},${VIDEOS},application/pdf,audio/mpeg,audio/mp4,.m4a`;

/** How large a file of this kind may be, in megabytes. */
export function mostOf(file: Pick<File, "type">): number {
  return file.type.startsWith("video/") ? MAX_VIDEO_MB : MAX_MB;
}

export interface Upload {
  id: number;
  file: File;
  state: "waiting" | "sending" | "done" | "failed";
  /** Part sent, 0..1. */
  part: number;
  /** The server's words, or "" when the network failed. */
  problem: string;
}

export type Refusal = { why: "tooBig"; name: string; size: number } | { why: "empty"; name: string } | { why: "tooMany" };

/** Files chosen for one case. They are sent one after the other; one that failed is sent again on demand. */
export function useUploads() {
  const uploads: Ref<Upload[]> = ref([]);
  let nextId = 1;

  function add(files: Iterable<File>): Refusal[] {
    const refusals: Refusal[] = [];
    for (const file of files) {
      if (file.size === 0) refusals.push({ why: "empty", name: file.name });
      else if (file.size > mostOf(file) * 1024 * 1024) refusals.push({ why: "tooBig", name: file.name, size: mostOf(file) });
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
