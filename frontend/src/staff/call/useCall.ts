import { reactive, ref, watch } from "vue";
import { fileCase } from "@/api/cases";
import { asProblem } from "@/api/problem";
import type { Intake, Receipt } from "@/api/types";
import type { Unfinished } from "@/staff/session/unfinished";
import { unfinished } from "@/staff/session/unfinished";
import type { Around, Call } from "./call";
import { bodyOf, channelOf, emptyCall, hasWords } from "./call";

interface Begun {
  /** The call on the line, null when nobody called. */
  of: number | null;
  key: string;
  call: Call;
}

/** A registration that was begun and left. */
export interface Left {
  of: number | null;
  text: string;
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One complaint being written down, tied to a call: kept on this device with every keystroke, saved under one key
 * however often it is sent. `user`: drafts are that account's own.
 */
export function useCall(user: string) {
  const begun: Begun = reactive({ of: null, key: newKey(), call: emptyCall() });
  const saving = ref(false);
  const saved = ref<Receipt | null>(null);
  const refused = ref<{ detail: string; unsure: boolean } | null>(null);
  const fields = ref<Record<string, string>>({});
  /** Whether the last keystroke is on the disk. */
  const kept = ref(true);
  const left = ref<Left[]>([]);
  let unsure: Intake | null = null;
  let writing: Promise<void> | null = null;
  let changed = false;
  let turning: Promise<void> = Promise.resolve(); // one after the other, in the order in which they were asked for

  const idOf = (of: number | null): string => `${user}/${of ?? "plain"}`;

  function keep(): void {
    if (saved.value) return;
    changed = true;
    kept.value = false;
    writing ??= writeAll();
  }

  async function writeAll(): Promise<void> {
    try {
      while (changed) {
        changed = false;
        const content = JSON.parse(JSON.stringify(begun)) as Begun;
        if (hasWords(content.call)) await unfinished.put({ id: idOf(begun.of), at: Date.now(), content });
        else await unfinished.drop(idOf(begun.of));
      }
    } finally {
      writing = null;
    }
    kept.value = true;
  }

  watch(() => begun.call, keep, { deep: true, flush: "sync" });

  async function list(): Promise<Unfinished[]> {
    await writing;
    const all = await unfinished.of(user);
    left.value = all
      .filter(({ id }) => id !== idOf(begun.of))
      .map(({ content }) => ({ of: (content as Begun).of, text: (content as Begun).call.text }));
    return all;
  }

  /** Goes on with what was begun for a call (null: for none), or begins it; what was in hand stays on the list. */
  function open(of: number | null, line = ""): Promise<void> {
    const turn = turning.then(() => turnTo(of, line));
    turning = turn.catch(() => undefined);
    return turn;
  }

  async function turnTo(of: number | null, line: string): Promise<void> {
    await writing;
    const stored = (await list()).find(({ id }) => id === idOf(of))?.content as Begun | undefined;
    const fresh = { of, key: newKey(), call: { ...emptyCall(begun.call), ...(line ? { channel: channelOf(line) } : {}) } };
    saved.value = null;
    Object.assign(begun, stored ?? fresh);
    refused.value = null;
    fields.value = {};
    unsure = null;
    await list();
  }

  async function save(around: Omit<Around, "call"> = { questions: [] }): Promise<boolean> {
    if (saving.value || saved.value) return false;
    saving.value = true;
    refused.value = null;
    fields.value = {};
    const body = unsure ?? bodyOf(begun.call, { ...around, call: begun.of });
    try {
      saved.value = await fileCase(body, begun.key);
      unsure = null;
      await writing;
      await unfinished.drop(idOf(begun.of));
      return true;
    } catch (error) {
      const problem = asProblem(error);
      fields.value = problem.fields;
      unsure = problem.isOffline || problem.status >= 500 ? body : null;
      if (problem.isConflict) begun.key = newKey();
      refused.value = { detail: problem.detail, unsure: unsure !== null };
      return false;
    } finally {
      saving.value = false;
    }
  }

  return { begun, saving, saved, refused, fields, kept, left, open, save };
}
