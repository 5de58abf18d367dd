import { computed, nextTick, reactive, ref, watch } from "vue";
import { useI18n } from "vue-i18n";
import { fileCase } from "@/api/cases";
import type { Problem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import { forget, keep, kept } from "@/citizen/keeping";
import type { CaseKey } from "@/citizen/receipt";
import { rememberCase } from "@/citizen/receipt";
import type { Field, Findings, Step } from "./check";
import { checkWhat, checkWhere, checkWho, lengthOf, MAX_TEXT, STEPS, stepOf } from "./check";
import type { Draft } from "./draft";
import { bodyOf, discardDraft, emptyDraft, isEmpty, newKey, restoreDraft, saveDraft } from "./draft";

const FILED_KEY = "zst.filed";
const SAVE_MS = 400;

/** The case just filed in this window: shown again after a reload, until the citizen says it is written down. */
function filedBefore(): Filed | null {
  return kept("session", FILED_KEY) as Filed | null;
}

/** The receipt; `at`: when it was taken in. */
export interface Filed extends CaseKey {
  at?: string;
}

export type Outcome = { kind: "unsure" } | { kind: "reused" } | { kind: "refused"; detail: string };

/** Filing one complaint: the draft and its keeping, the checks of each step, and a sending that is safe to repeat. */
export function useFiling() {
  const { t } = useI18n();
  const restored = restoreDraft();
  const draft: Draft = reactive(restored ?? emptyDraft());
  const consent = draft.consent;
  const saved = ref<"no" | "saved" | "failed">("no");
  const sending = ref(false);
  const outcome = ref<Outcome | null>(draft.unsure ? { kind: "unsure" } : null);
  const filed = ref<Filed | null>(filedBefore());
  const errors = ref<Partial<Record<string, string>>>({});

  // A message stands until the field it is about has been touched.
  let valuesThen: Partial<Record<string, unknown>> = {};
  function valueOf(field: string): unknown {
    const { matter, person } = draft;
    const values: Record<Field, unknown> = {
      text: matter.text, event_at: matter.eventAt, region: matter.province + matter.city + matter.county, place: matter.place,
      "respondent.name": matter.respondentName, "respondent.phone": matter.respondentPhone,
      "respondent.address": matter.respondentAddress, "respondent.uscc": matter.respondentUscc,
      "requester.name": person.name, "requester.phone": person.phone, "requester.id_number": person.idNumber,
      "requester.address": person.address, consent: consent.notice, consent_id: `${person.idNumber}${String(consent.idNumber)}`,
    };
    return values[field as Field] ?? "";
  }
  function complain(found: Partial<Record<string, string>>): void {
    errors.value = found;
    valuesThen = Object.fromEntries(Object.keys(found).map((field) => [field, valueOf(field)]));
  }
  watch(draft, () => {
    const standing = Object.entries(errors.value).filter(([field]) => valueOf(field) === valuesThen[field]);
    if (standing.length < Object.keys(errors.value).length) errors.value = Object.fromEntries(standing);
  });

  let saving: ReturnType<typeof setTimeout> | undefined;
  function save(): void {
    clearTimeout(saving);
    if (filed.value) return;
    if (isEmpty(draft)) discardDraft();
    else saved.value = saveDraft(draft) ? "saved" : "failed";
  }
  watch(draft, () => {
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_MS);
  });
  window.addEventListener("pagehide", save);

  function findingsOf(step: Step): Findings {
    if (step === "what") return checkWhat(draft.matter);
    if (step === "where") return checkWhere(draft.matter);
    return step === "who" ? checkWho(draft.person, consent) : {};
  }

  /** The first step before `step` that is not in order yet, or `step` itself. */
  function reachable(step: Step): Step {
    for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) {
      if (Object.keys(findingsOf(earlier)).length > 0) return earlier;
    }
    return step;
  }

  /** Checks one step and shows what is wrong with it. */
  function check(step: Step): boolean {
    const findings = findingsOf(step);
    const over = lengthOf(draft.matter.text) - MAX_TEXT;
    complain(Object.fromEntries(
      (Object.entries(findings) as [Field, NonNullable<Findings[Field]>][]).map(([field, reason]) => [
        field,
        t(`citizen.file.errors.${reason}`, { max: MAX_TEXT, n: over }),
      ]),
    ));
    return Object.keys(findings).length === 0;
  }

  function done(key: Filed): void {
    filed.value = key;
    rememberCase({ number: key.number, code: key.code });
    keep("session", FILED_KEY, key);
    clearTimeout(saving);
    discardDraft();
    outcome.value = null;
  }

  /** Shows a refusal; returns the step to go back to when it is about a field. */
  function refused(problem: Problem): Step | null {
    if (problem.isConflict) {
      outcome.value = { kind: "reused" };
      return null;
    }
    complain(problem.fields);
    const step = stepOf(Object.keys(problem.fields));
    outcome.value = step
      ? null
      : { kind: "refused", detail: problem.detail || t("shared.problem.server") };
    return step;
  }

  /**
   * Sends the draft under its key. When no answer comes, the draft is locked until a resend has one.
   * Returns the step that holds a refused field, if any.
   */
  async function submit(): Promise<Step | null> {
    if (sending.value) return null;
    sending.value = true;
    draft.unsure = true;
    await nextTick();
    save();
    try {
      const receipt = await fileCase(bodyOf(draft), draft.key);
      done({ number: receipt.number, code: receipt.query_code, at: receipt.received_at, ...(receipt.twin ? { twin: { number: receipt.twin.number, code: receipt.twin.query_code } } : {}) });
      return null;
    } catch (error) {
      const problem = asProblem(error);
      // 5xx: a proxy may have given up on a request that the server went on with
      if (problem.isOffline || problem.status >= 500) {
        outcome.value = { kind: "unsure" };
        return null;
      }
      draft.unsure = false;
      return refused(problem);
    } finally {
      sending.value = false;
    }
  }

  /** After a conflict: what is written now becomes a complaint of its own. */
  function renew(): void {
    draft.key = newKey();
    draft.unsure = false;
    outcome.value = null;
  }

  function startOver(): void {
    const { consent: nothingYet, ...rest } = emptyDraft();
    Object.assign(draft, rest);
    Object.assign(consent, nothingYet);
    errors.value = {};
    outcome.value = null;
    filed.value = null;
    forget("session", FILED_KEY);
    discardDraft();
    saved.value = "no";
  }

  return {
    draft, consent, saved, sending, outcome, filed, errors,
    restored: restored !== null && filed.value === null,
    locked: computed(() => draft.unsure && outcome.value?.kind === "unsure"),
    reachable, check, submit, renew, startOver,
    stop: () => {
      save();
      window.removeEventListener("pagehide", save);
    },
  };
}
