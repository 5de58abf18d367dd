import { fromLocalInput } from "@/time/display";
import type { Consent, Matter, Person } from "./draft";

export const MAX_TEXT = 10_000;
export const STEPS = ["what", "where", "who", "review"] as const;
export type Step = (typeof STEPS)[number];

/** Fields by the names the server uses, so that its messages and ours stand at the same place. */
export type Field =
  | "text" | "event_at"
  | "region" | "place" | "respondent.name" | "respondent.phone" | "respondent.address" | "respondent.uscc"
  | "requester.name" | "requester.phone" | "requester.id_number" | "requester.address" | "consent" | "consent_id";

const FIELDS: Record<Exclude<Step, "review">, readonly Field[]> = {
  what: ["text", "event_at"],
  where: ["region", "place", "respondent.name", "respondent.phone", "respondent.address", "respondent.uscc"],
  who: ["requester.name", "requester.phone", "requester.id_number", "requester.address", "consent", "consent_id"],
};

/** A text of citizen.file.errors. */
export type Reason = "text" | "textTooLong" | "eventAt" | "region" | "name" | "phone" | "phoneShape" | "consent" | "consentId";
export type Findings = Partial<Record<Field, Reason>>;

/** Characters as the server counts them: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

export function checkWhat(matter: Matter, now = Date.now()): Findings {
  const findings: Findings = {};
  if (matter.text.trim() === "") findings.text = "text";
  else if (lengthOf(matter.text) > MAX_TEXT) findings.text = "textTooLong";
  if (matter.eventAt && Date.parse(fromLocalInput(matter.eventAt)) > now) findings.event_at = "eventAt";
  return findings;
}

/** Mobile, landline, 400 or service number, however it is written: told where it is typed, the server has the last word. */
export function looksLikePhone(typed: string): boolean {
  const digits = typed.normalize("NFKC").replace(/\D/g, "").replace(/^86(?=\d{11}$)/, "");
  return !/[^\d\s()+\-—#*]/.test(typed.normalize("NFKC")) && (/^1[3-9]\d{9}$/.test(digits) || /^((0\d{2,3}\d{7,8}|[48]00\d{7}|[2-9]\d{6,7})\d{0,4}|1\d{4,5})$/.test(digits));
}

export function checkWhere(matter: Matter): Findings {
  const findings: Findings = matter.city === "" ? { region: "region" } : {};
  if (matter.respondentPhone.trim() !== "" && !looksLikePhone(matter.respondentPhone)) findings["respondent.phone"] = "phoneShape";
  return findings;
}

export function checkWho(person: Person, consent: Pick<Consent, "notice" | "idNumber">): Findings {
  if (person.anonymous) return {};
  const findings: Findings = {};
  if (person.name.trim() === "") findings["requester.name"] = "name";
  if (person.phone.trim() === "") findings["requester.phone"] = "phone";
  else if (!looksLikePhone(person.phone)) findings["requester.phone"] = "phoneShape";
  if (!consent.notice) findings.consent = "consent";
  if (person.idNumber.trim() !== "" && !consent.idNumber) findings.consent_id = "consentId";
  return findings;
}

/** The first step that holds one of these fields. */
export function stepOf(fields: readonly string[]): Step | null {
  for (const step of ["what", "where", "who"] as const) {
    if (FIELDS[step].some((field) => fields.includes(field))) return step;
  }
  return null;
}
