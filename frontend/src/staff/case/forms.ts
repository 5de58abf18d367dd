/**
 * What each verb asks for, as a table: the names are the server's (complaints/serializers/incoming.py), the labels and
 * hints are keys of staff.field and staff.hint. One component (VerbDialog) shows them all.
 */
import type { Body } from "@/api/cases";
import type { CaseDetail, Party, UnitRef } from "@/api/types";
import type { Order } from "@/api/supervision";
import type staff from "@/i18n/zh-CN/staff";
import { fromLocalInput } from "@/time/display";

export type Kind =
  | "text" | "line" | "return-ground" | "refusal-ground" | "unsolved-ground" | "company" | "date" | "days" | "unit" | "units" | "party" | "topic"
  | "grade" | "solved" | "hand-to" | "refer-to" | "reached" | "money" | "check"
  | "mediation-ground" | "file-ground" | "no-file-ground" | "past" | "moment" | "by" | "manner" | "came" | "side" | "granted" | "filed" | "reward-level"
  | "level" | "open-order" | "answered-order" | "running-order";
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
/** Set by the check of the answer (ReplyCheck), never sent. */
const stopped = (values: Values): boolean => values.stopped === true;
const override: Field = { name: "override", kind: "line", label: "override", hint: "override", max: 500, when: stopped };
const unsolved = (values: Values): boolean => values.solved === "no" || values.solved === "partly";

const delegated = (values: Values): boolean => typeof values.delegated_to === "string" && values.delegated_to.trim() !== "";
/** A session that lies behind is recorded with who came. */
const held = (values: Values): boolean => typeof values.at === "string" && values.at !== "" && Date.parse(fromLocalInput(values.at)) <= Date.now();
const isFiled = (values: Values): boolean => values.filed === "yes";
const isNotFiled = (values: Values): boolean => values.filed === "no";

const superviseLevel: Field = { name: "level", kind: "level", label: "superviseLevel", required: true, half: true };
const superviseUntil: Field = { name: "until", kind: "date", label: "superviseUntil", required: true, half: true };
const superviseUnit: Field = { name: "unit", kind: "unit", label: "superviseUnit", hint: "superviseUnit" };

/** Verbs without fields ask only whether it is meant. */
export const FORMS = {
  reply: [text("answer", "answer", 10), override],
  reply_part: [text("part", "part", 8)],
  publish_reply: [text("publicAnswer", "publicAnswer", 8), override],
  close: [
    reason("closing", "closing"),
    { name: "solved", kind: "solved", label: "solved", required: true, half: true },
    { name: "advance_compensation", kind: "check", label: "advance", half: true },
    { name: "ground", kind: "unsolved-ground", label: "unsolvedGround", required: true, when: unsolved },
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
  begin_mediation: [
    { name: "complainant_how", kind: "by", label: "complainantHow", required: true, half: true },
    { name: "complainant_on", kind: "past", label: "complainantOn", required: true, half: true },
    { name: "respondent_how", kind: "by", label: "respondentHow", required: true, half: true },
    { name: "respondent_on", kind: "past", label: "respondentOn", required: true, half: true },
    { name: "delegated_to", kind: "line", label: "delegatedTo", hint: "delegatedTo", max: 100 },
    { name: "delegation_agreed", kind: "check", label: "delegationAgreed", when: delegated },
  ],
  mediation_session: [
    { name: "at", kind: "moment", label: "sessionAt", hint: "sessionAt", required: true, half: true },
    { name: "manner", kind: "manner", label: "manner", required: true, half: true },
    { name: "place", kind: "line", label: "sessionPlace", max: 200 },
    { name: "complainant_came", kind: "came", label: "complainantCame", required: true, half: true, when: held },
    { name: "respondent_came", kind: "came", label: "respondentCame", required: true, half: true, when: held },
    { name: "notes", kind: "text", label: "sessionNotes", hint: "sessionNotes", rows: 4, max: 5000, when: held },
  ],
  ask_recusal: [{ name: "side", kind: "side", label: "side", required: true }, reason("recusalReason")],
  decide_recusal: [{ name: "granted", kind: "granted", label: "granted", required: true }, reason()],
  mediation_agreed: [
    { name: "terms", kind: "text", label: "terms", hint: "terms", rows: 6, max: 5000, required: true },
    { name: "amount", kind: "money", label: "agreedAmount", half: true },
    { name: "performed", kind: "check", label: "performed", half: true },
    { name: "statement_number", kind: "line", label: "statement", hint: "statement", max: 60 },
  ],
  end_mediation: [{ name: "ground", kind: "mediation-ground", label: "mediationGround", required: true }, text("endText", "endText")],
  tell_parties: [{ name: "how", kind: "by", label: "how", required: true }, { name: "text", kind: "text", label: "noticeText", rows: 3, max: 5000 }],
  begin_verification: [],
  decide_report: [
    { name: "filed", kind: "filed", label: "filed", required: true },
    { name: "ground", kind: "file-ground", label: "fileGround", required: true, when: isFiled },
    { name: "ground", kind: "no-file-ground", label: "noFileGround", required: true, when: isNotFiled },
    { name: "penalty_number", kind: "line", label: "penaltyNumber", max: 60, required: true, when: isFiled },
    text("findings", "findings"),
  ],
  tell_reporter: [{ name: "how", kind: "by", label: "how", required: true }, text("noticeText", "notice")],
  tell_result: [
    { name: "how", kind: "by", label: "how", required: true },
    { name: "basis", kind: "line", label: "basis10", hint: "basis10", max: 200, required: true },
    text("noticeText"),
  ],
  close_report: [reason("closing")],
  propose_reward: [
    { name: "level", kind: "reward-level", label: "level", required: true },
    { name: "fine", kind: "money", label: "fine", hint: "fine", required: true, half: true },
    { name: "insider_bonus", kind: "money", label: "bonus", half: true },
    { name: "sanction_number", kind: "line", label: "sanctionNumber", max: 60, required: true },
    { name: "natural_person", kind: "check", label: "naturalPerson" },
    reason(),
  ],
  approve_reward: [{ name: "finance_approval", kind: "line", label: "financeApproval", hint: "financeApproval", max: 100 }, reason()],
  refuse_reward: [reason()],
  pay_reward: [{ name: "code", kind: "line", label: "collectionCode", hint: "collectionCode", max: 30, required: true }],
  separate_report: [reason("reason", "separate")],
  order_supervision: [superviseLevel, superviseUnit, text("superviseText", "superviseText"), superviseUntil],
  instruct: [
    { name: "leader", kind: "line", label: "leader", hint: "leader", max: 50, required: true },
    superviseLevel, superviseUnit, text("superviseText", "superviseText"), superviseUntil,
  ],
  answer_supervision: [{ name: "order", kind: "open-order", label: "order", required: true }, text("superviseAnswer", "superviseAnswer")],
  return_supervision: [{ name: "order", kind: "answered-order", label: "order", required: true }, reason(), superviseUntil],
  close_supervision: [{ name: "order", kind: "running-order", label: "order", required: true }, reason()],
  cancel_supervision: [{ name: "order", kind: "running-order", label: "order", required: true }, reason()],
  decline_crime: [reason("reason", "declineCrime")],
  hand_over: [
    { name: "to", kind: "hand-to", label: "to", required: true, half: true },
    { name: "to_name", kind: "line", label: "toName", hint: "toName", max: 100, required: true },
    text("referral", "referral"),
  ],
  refer_crime: [
    { name: "to", kind: "refer-to", label: "to", required: true, half: true },
    { name: "to_name", kind: "line", label: "toName", max: 100, required: true },
    text("evidence", "evidence"),
  ],
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
  link_respondent: [
    { name: "company", kind: "company", label: "company", hint: "company" },
    { name: "gtin", kind: "line", label: "gtin", max: 20, half: true },
    { name: "lot_number", kind: "line", label: "lot", max: 60, half: true },
    { name: "product_name", kind: "line", label: "productName", max: 200, half: true },
    { name: "model", kind: "line", label: "productModel", max: 100, half: true },
    reason(),
  ],
  dismiss_refiling: [reason("reason", "refiling")],
  withdraw: [reason("withdrawal", "withdrawal")],
  note: [text("note", "note", 4)],
} as const satisfies Record<string, readonly Field[]>;

export type FormVerb = keyof typeof FORMS;

/** Verbs that do not move the case: they fit whatever happened to it meanwhile, and are sent without its version. */
const WITHOUT_VERSION: ReadonlySet<string> = new Set(["sign_part", "reply_part", "return_part", "supplement", "note", "rate", "answer_supervision", "return_supervision", "close_supervision", "cancel_supervision"]);

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

/** What the case is linked to already, and what the citizen told of a product. */
function linkedNow({ respondent }: CaseDetail): Values {
  const { linked } = respondent;
  const company = linked?.company;
  return {
    company: company ? [{ id: company.id, name: company.name }] : [],
    gtin: linked?.gtin || respondent.gtin, lot_number: linked?.lot || respondent.lot_number, product_name: respondent.product_name,
  };
}

/** The supervision orders that a field lets choose from; the server says which verbs are there at all. */
export function orderChoices(kind: Kind | undefined, orders: readonly Order[]): Order[] {
  if (!kind?.endsWith("-order")) return [];
  const states = kind === "open-order" ? ["open"] : kind === "answered-order" ? ["answered"] : ["open", "answered"];
  return orders.filter(({ state }) => states.includes(state));
}

/** A form as it opens: empty but for what is known of the case. */
export function startOf(verb: FormVerb, detail: CaseDetail): Values {
  const fields: readonly Field[] = FORMS[verb];
  const values: Values = Object.fromEntries(
    fields.map(({ name, kind }) => [name, kind === "check" ? false : kind === "unit" || kind === "units" || kind === "company" ? [] : ""]),
  );
  if (verb === "link_respondent") Object.assign(values, linkedNow(detail));
  const debtors = owing(detail.parties);
  const [debtor] = debtors;
  if (verb === "waive" && debtor && debtors.length === 1) values.participant = String(debtor.unit.id);
  const asked = detail.requests.find(({ kind, state }) => kind === "extension" && state === "asked");
  if (verb === "grant_extension" && asked?.working_days) values.working_days = String(asked.working_days);
  if (verb === "adjudicate") values.topic = detail.topic?.code ?? "";
  const orders = orderChoices(fields.find(({ name }) => name === "order")?.kind, detail.supervision);
  if (orders[0] && orders.length === 1) values.order = String(orders[0].id);
  if (verb === "hand_over") values.to = "authority";
  if (verb === "refer_crime") values.to = "police";
  if (verb === "close" && "mediation_number" in values) values.mediation_number = detail.mediation?.statement_number ?? "";
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
  if (kind === "reached" || kind === "granted" || kind === "filed") return value === "yes";
  if (kind === "came") return value === "" || value === undefined ? null : value === "yes";
  if (kind === "moment") return typeof value === "string" && value !== "" ? fromLocalInput(value) : null;
  if (kind === "company") return Array.isArray(value) ? ((value as readonly UnitRef[])[0]?.id ?? null) : null;
  if (kind === "unit" || kind === "units") {
    const ids = Array.isArray(value) ? (value as readonly UnitRef[]).map(({ id }) => id) : [];
    return kind === "unit" ? ids[0] : ids;
  }
  const typed = typeof value === "string" ? value.trim() : "";
  if (kind === "party") return typed === EVERY_PARTY || typed === "" ? null : Number(typed);
  if (kind.endsWith("-order") || kind === "days" || kind === "grade") return typed === "" ? null : Number(typed);
  if (kind === "date" || kind === "past" || kind === "money") return typed === "" ? null : typed;
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
