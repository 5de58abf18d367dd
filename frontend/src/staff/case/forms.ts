/**
 * What each verb asks for, as a table: the names are the server's (complaints/serializers/incoming.py), the labels and
 * hints are keys of staff.field and staff.hint. One component (VerbDialog) shows them all.
 */
import type { Body } from "@/api/cases";
import type { CaseDetail, Party, UnitRef } from "@/api/types";
import type staff from "@/i18n/zh-CN/staff";

export type Kind =
  | "text" | "line" | "return-ground" | "refusal-ground" | "date" | "days" | "unit" | "units" | "party" | "topic"
  | "grade" | "solved" | "hand-to" | "reached" | "money" | "check";
export type Value = string | boolean | readonly UnitRef[];
export type Values = Record<string, Value>;

export interface Field {
  name: string;
  kind: Kind;
  label: keyof typeof staff.field;
  hint?: keyof typeof staff.hint;
  required?: boolean;
  rows?: number;
  /** Longest text that the server takes. */
  max?: number;
  /** Stands beside another of its kind. */
  half?: boolean;
  /** Asked only when this holds. */
  when?: (values: Values) => boolean;
}

type Words = Pick<Field, "label" | "hint">;
const text = (label: Words["label"], hint?: Words["hint"], rows = 5): Field => ({ name: "text", kind: "text", label, hint, rows, max: 5000, required: true });
const reason = (label: Words["label"] = "reason", hint: Words["hint"] = "reason"): Field => ({ name: "reason", kind: "text", label, hint, rows: 3, max: 1000, required: true });
const days: Field = { name: "working_days", kind: "days", label: "days", required: true, half: true };
const comment: Field = { name: "comment", kind: "text", label: "comment", rows: 3, max: 1000 };
const reached = (values: Values): boolean => values.reached === "yes";
const unsolved = (values: Values): boolean => values.solved === "no" || values.solved === "partly";

/** Verbs without fields ask only whether it is meant. */
export const FORMS = {
  reply: [text("answer", "answer", 10)],
  reply_part: [text("part", "part", 8)],
  publish_reply: [text("publicAnswer", "publicAnswer", 8)],
  close: [
    reason("closing", "closing"),
    { name: "solved", kind: "solved", label: "solved", required: true, half: true },
    { name: "advance_compensation", kind: "check", label: "advance", half: true },
    { name: "why_not", kind: "text", label: "whyNot", rows: 2, max: 1000, required: true, when: unsolved },
    { name: "claimed", kind: "money", label: "claimed", half: true },
    { name: "recovered", kind: "money", label: "recovered", half: true },
    { name: "sanction_number", kind: "line", label: "sanction", max: 60, half: true },
    { name: "mediation_number", kind: "line", label: "mediation", max: 60, half: true },
  ],
  return: [{ name: "ground", kind: "return-ground", label: "returnGround", required: true }, reason("returnReason", "returnReason")],
  return_part: [reason("returnReason", "returnReason")],
  refuse: [{ name: "ground", kind: "refusal-ground", label: "refusalGround", required: true }, text("refusalText", "refusalText")],
  ask_supplement: [text("wanted", "wanted"), { name: "until", kind: "date", label: "until", required: true, half: true }],
  supplement: [text("supplement", "supplement")],
  go_on: [reason()],
  open_adjudication: [reason()],
  adjudicate: [
    { name: "topic", kind: "topic", label: "topic" },
    { name: "lead", kind: "unit", label: "lead", required: true },
    { name: "participants", kind: "units", label: "units" },
    { name: "basis", kind: "line", label: "basis", hint: "basis", max: 300, required: true },
    reason(),
  ],
  invite: [{ name: "participants", kind: "units", label: "units", required: true }, reason()],
  waive: [{ name: "participant", kind: "party", label: "party", required: true }, reason("reason", "waive")],
  level_up: [reason()],
  request_extension: [days, reason("reason", "extension")],
  grant_extension: [days, reason()],
  refuse_extension: [reason()],
  request_suspension: [reason("reason", "pause"), { name: "until", kind: "date", label: "pauseUntil", half: true }],
  suspend: [reason()],
  refuse_suspension: [reason()],
  resume: [reason()],
  begin_appraisal: [reason()],
  end_appraisal: [reason()],
  hand_over: [
    { name: "to", kind: "hand-to", label: "to", required: true, half: true },
    { name: "to_name", kind: "line", label: "toName", hint: "toName", max: 100, required: true },
    text("referral", "referral"),
  ],
  refer_crime: [{ name: "to_name", kind: "line", label: "toName", max: 100, required: true }, text("evidence", "evidence")],
  rate: [
    { name: "grade", kind: "grade", label: "grade", required: true, half: true },
    { name: "solved", kind: "solved", label: "solved", half: true },
    comment,
  ],
  follow_up: [
    { name: "reached", kind: "reached", label: "reached", required: true },
    { name: "grade", kind: "grade", label: "grade", half: true, when: reached },
    { name: "solved", kind: "solved", label: "solved", half: true, when: reached },
    comment,
  ],
  reopen: [reason("reason", "reopen")],
  merge: [{ name: "into", kind: "line", label: "into", hint: "into", max: 30, required: true }, reason()],
  unmerge: [reason()],
  archive: [],
  withdraw: [reason("withdrawal", "withdrawal")],
  note: [text("note", "note", 4)],
} as const satisfies Record<string, readonly Field[]>;

export type FormVerb = keyof typeof FORMS;

/** Verbs that do not move the case: they fit whatever happened to it meanwhile, and are sent without its version. */
const WITHOUT_VERSION: ReadonlySet<string> = new Set(["sign_part", "reply_part", "return_part", "supplement", "note", "rate"]);

export function versioned(verb: string, version: number, body: Body): Body {
  return WITHOUT_VERSION.has(verb) ? body : { version, ...body };
}

export function isFormVerb(verb: string): verb is FormVerb {
  return verb in FORMS;
}

export function fieldsOf(verb: FormVerb, values: Values): readonly Field[] {
  const fields: readonly Field[] = FORMS[verb];
  return fields.filter(({ when }) => when?.(values) ?? true);
}

/** Participants that still owe their answer. */
/** Stands for every unit that still owes an answer. */
export const EVERY_PARTY = "every";

export function owing(parties: readonly Party[]): Party[] {
  return parties.filter(({ active, part, status }) => active && part === "participant" && (status === "waiting" || status === "signed"));
}

/** A form as it opens: empty but for what is known of the case. */
export function startOf(verb: FormVerb, detail: CaseDetail): Values {
  const fields: readonly Field[] = FORMS[verb];
  const values: Values = Object.fromEntries(
    fields.map(({ name, kind }) => [name, kind === "check" ? false : kind === "unit" || kind === "units" ? [] : ""]),
  );
  const debtors = owing(detail.parties);
  const [debtor] = debtors;
  if (verb === "waive" && debtor && debtors.length === 1) values.participant = String(debtor.unit.id);
  const asked = detail.requests.find(({ kind, state }) => kind === "extension" && state === "asked");
  if (verb === "grant_extension" && asked?.working_days) values.working_days = String(asked.working_days);
  if (verb === "adjudicate") values.topic = detail.topic?.code ?? "";
  if (verb === "hand_over") values.to = "authority";
  return values;
}

export type Finding = "empty" | "pick" | "days" | "money";
const TYPED: ReadonlySet<Kind> = new Set<Kind>(["text", "line", "days", "money"]);

function blank(value: Value | undefined): boolean {
  return value === undefined || (typeof value === "string" ? value.trim() === "" : Array.isArray(value) && value.length === 0);
}

/** What is wrong with which field, before anything is sent. */
export function check(verb: FormVerb, values: Values): Record<string, Finding> {
  const found: Record<string, Finding> = {};
  for (const { name, kind, required } of fieldsOf(verb, values)) {
    const value = values[name];
    if (blank(value)) {
      if (required) found[name] = TYPED.has(kind) ? "empty" : "pick";
    } else if (typeof value === "string") {
      if (kind === "days" && !(/^\d{1,3}$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= 365)) found[name] = "days";
      if (kind === "money" && !/^\d{1,12}(\.\d{1,2})?$/.test(value.trim())) found[name] = "money";
    }
  }
  return found;
}

function sent(kind: Kind, value: Value | undefined): unknown {
  if (kind === "check") return value === true;
  if (kind === "reached") return value === "yes";
  if (kind === "unit" || kind === "units") {
    const ids = Array.isArray(value) ? (value as readonly UnitRef[]).map(({ id }) => id) : [];
    return kind === "unit" ? ids[0] : ids;
  }
  const typed = typeof value === "string" ? value.trim() : "";
  if (kind === "party") return typed === EVERY_PARTY || typed === "" ? null : Number(typed);
  if (kind === "days" || kind === "grade") return typed === "" ? null : Number(typed);
  if (kind === "date" || kind === "money") return typed === "" ? null : typed;
  return typed;
}

/** The body for the server; a lead unit is never its own participant. */
export function bodyOf(verb: FormVerb, values: Values): Body {
  const body: Body = Object.fromEntries(fieldsOf(verb, values).map(({ name, kind }) => [name, sent(kind, values[name])]));
  if (typeof body.lead === "number" && Array.isArray(body.participants)) {
    body.participants = body.participants.filter((id) => id !== body.lead);
  }
  return body;
}
