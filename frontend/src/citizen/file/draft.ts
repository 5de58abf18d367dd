import type { Intake } from "@/api/types";
import { forget, keep, kept } from "@/citizen/keeping";
import { fromLocalInput } from "@/time/display";

/** What happened and where: kept on the device until sent. */
export interface Matter {
  text: string;
  /** "yes" where it was ticked: a remedy for oneself (投诉), punishment of the other side (举报). */
  wantsRemedy: string;
  wantsPunishment: string;
  eventAt: string;
  province: string;
  city: string;
  county: string;
  place: string;
  respondentName: string;
  respondentPhone: string;
  respondentAddress: string;
  respondentUscc: string;
}

/** Who files: personal, so kept only as long as the window is open. */
export interface Person {
  anonymous: boolean;
  name: string;
  phone: string;
  idNumber: string;
  address: string;
}

/** Each is given for itself; kept only with a draft that was sent and not answered, which must go again unchanged. */
export interface Consent {
  notice: boolean;
  idNumber: boolean;
  publish: boolean;
  mediation: boolean;
}

/** Answers to what the page asked while it was written: the topic asked about, and a like case ("me too"). */
export interface Said {
  topic: string;
  answer: "" | "yes" | "no" | "unsure";
  sameAs: string;
}

export interface Draft {
  key: string;
  matter: Matter;
  said: Said;
  person: Person;
  consent: Consent;
  /** It was sent and no answer came: it must be sent again unchanged, under its key, before anything else. */
  unsure: boolean;
}

const MATTER_KEY = "zst.draft.matter";
const PERSON_KEY = "zst.draft.person";
const KEPT_MS = 7 * 24 * 3600 * 1000;

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function emptyDraft(): Draft {
  return {
    key: newKey(),
    matter: {
      text: "", wantsRemedy: "", wantsPunishment: "", eventAt: "", province: "", city: "", county: "", place: "",
      respondentName: "", respondentPhone: "", respondentAddress: "", respondentUscc: "",
    },
    said: { topic: "", answer: "", sameAs: "" },
    person: { anonymous: false, name: "", phone: "", idNumber: "", address: "" },
    consent: { notice: false, idNumber: false, publish: false, mediation: false },
    unsure: false,
  };
}

interface StoredMatter {
  key: string;
  matter: Partial<Matter>;
  said?: Partial<Said>;
  savedAt: number;
}

interface StoredPerson {
  person: Partial<Person>;
  consent?: Partial<Consent>;
  unsure: boolean;
}

/** The draft of an earlier visit, if there is one worth restoring. */
export function restoreDraft(now = Date.now()): Draft | null {
  const draft = emptyDraft();
  const person = kept("session", PERSON_KEY) as StoredPerson | null;
  if (person) {
    Object.assign(draft.person, person.person);
    Object.assign(draft.consent, person.consent);
    draft.unsure = person.unsure;
  }
  const stored = kept("local", MATTER_KEY) as StoredMatter | null;
  if (stored && now - stored.savedAt > KEPT_MS) forget("local", MATTER_KEY);
  else if (stored) {
    draft.key = stored.key;
    Object.assign(draft.matter, stored.matter);
    Object.assign(draft.said, stored.said);
  }
  return isEmpty(draft) ? null : draft;
}

/** False when the device keeps nothing (storage full or switched off). */
export function saveDraft(draft: Draft, now = Date.now()): boolean {
  const stored: StoredMatter = { key: draft.key, matter: draft.matter, said: draft.said, savedAt: now };
  const person: StoredPerson = { person: draft.person, unsure: draft.unsure, ...(draft.unsure ? { consent: draft.consent } : {}) };
  const bothKept = [keep("local", MATTER_KEY, stored), keep("session", PERSON_KEY, person)];
  return bothKept.every(Boolean);
}

export function discardDraft(): void {
  forget("local", MATTER_KEY);
  forget("session", PERSON_KEY);
}

export function isEmpty({ matter, person }: Draft): boolean {
  return Object.values<string | boolean>({ ...matter, ...person }).every((value) => value === "" || value === false);
}

/** The smallest region chosen. */
export function regionOf(matter: Matter): string {
  return matter.county || matter.city || matter.province;
}

function given<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== "")) as Partial<T>;
}

/** What is sent: nothing that was not typed, and nothing personal when anonymous. */
export function bodyOf({ matter, person, consent, said }: Draft): Intake {
  const respondent = given({
    name: matter.respondentName,
    phone: matter.respondentPhone,
    address: matter.respondentAddress,
    uscc: matter.respondentUscc,
  });
  const requester = person.anonymous
    ? { anonymous: true }
    : given({ name: person.name, phone: person.phone, id_number: person.idNumber, address: person.address });
  const consents = [
    ...(person.anonymous ? [] : (["notice"] as const)),
    ...(!person.anonymous && person.idNumber.trim() !== "" && consent.idNumber ? (["sensitive"] as const) : []),
    ...(consent.publish ? (["publish"] as const) : []),
    ...(!person.anonymous && consent.mediation ? (["mediation"] as const) : []),
  ];
  const declared = {
    ...(consents.length > 0 ? { consents } : {}),
    ...(said.topic !== "" && said.answer !== "" ? { topic: said.topic, topic_answer: said.answer } : {}),
    ...given({ same_as: said.sameAs }),
  };
  // nobody can mediate for somebody unknown
  const asks = [
    ...(matter.wantsRemedy === "yes" && !person.anonymous ? (["complaint"] as const) : []),
    ...(matter.wantsPunishment === "yes" ? (["report"] as const) : []),
  ];
  return {
    text: matter.text,
    ...given({ region: regionOf(matter), place: matter.place }),
    ...(matter.eventAt ? { event_at: fromLocalInput(matter.eventAt) } : {}),
    ...(Object.keys(respondent).length > 0 ? { respondent } : {}),
    requester,
    ...(asks.length > 0 ? { asks } : {}),
    ...(Object.keys(declared).length > 0 ? { declared } : {}),
  };
}
