import { reactive, ref, watch } from "vue";
import { fileCase } from "@/api/cases";
import { asProblem } from "@/api/problem";
import type { Intake, Receipt } from "@/api/types";
import type { Call } from "./call";
import { bodyOf, emptyCall } from "./call";

const KEY = "zst.call";

interface Begun {
  key: string;
  call: Call;
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function restore(): Begun | null {
  const stored = sessionStorage.getItem(KEY);
  return stored === null ? null : (JSON.parse(stored) as Begun);
}

/** One call being written down: kept in this tab with every keystroke, saved under one key however often it is sent. */
export function useCall() {
  const begun: Begun = reactive(restore() ?? { key: newKey(), call: emptyCall() });
  const saving = ref(false);
  const saved = ref<Receipt | null>(null);
  const refused = ref<{ detail: string; unsure: boolean } | null>(null);
  const fields = ref<Record<string, string>>({});
  let unsure: Intake | null = null;

  watch(begun, () => sessionStorage.setItem(KEY, JSON.stringify(begun)), { flush: "sync" });

  async function save(): Promise<boolean> {
    if (saving.value || saved.value) return false;
    saving.value = true;
    refused.value = null;
    fields.value = {};
    const body = unsure ?? bodyOf(begun.call);
    try {
      saved.value = await fileCase(body, begun.key);
      sessionStorage.removeItem(KEY);
      unsure = null;
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

  function another(): void {
    Object.assign(begun, { key: newKey(), call: emptyCall(begun.call) });
    saved.value = null;
    refused.value = null;
    fields.value = {};
    unsure = null;
  }

  return { begun, saving, saved, refused, fields, save, another };
}
