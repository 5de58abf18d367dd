import type { Question, Service } from "@/api/calls";
import type { Channel, Intake } from "@/api/types";
import { fromLocalInput } from "@/time/display";

export const MAX_TEXT = 10_000;
/** Lines on which a person takes a complaint down. */
export const LINES = ["phone", "12345", "12315", "12365", "12369", "12312"] as const satisfies readonly Channel[];

/** What the call-taker writes down. */
export interface Call {
  channel: (typeof LINES)[number];
  sourceLine: string;
  name: string;
  phone: string;
  idNumber: string;
  anonymous: boolean;
  text: string;
  region: string;
  place: string;
  eventAt: string;
  respondentName: string;
  respondentPhone: string;
  /** By the field of the question. */
  answers: Record<string, string>;
}

/** What is sent beside the words. */
export interface Around {
  /** The call on the line, whose number the server knows. */
  call: number | null;
  questions: readonly Question[];
  transferredTo?: Service;
}

/** The next call comes on the same line as the last. */
export function emptyCall(before?: Pick<Call, "channel" | "sourceLine">): Call {
  return {
    channel: before?.channel ?? "phone",
    sourceLine: before?.sourceLine ?? "",
    name: "", phone: "", idNumber: "", anonymous: false, text: "", region: "", place: "", eventAt: "",
    respondentName: "", respondentPhone: "", answers: {},
  };
}

/** Whether anything was written down that would be missed. */
export function hasWords(call: Call): boolean {
  const words = [
    call.text, call.place, call.region, call.eventAt, call.name, call.phone, call.idNumber, call.respondentName,
    call.respondentPhone, ...Object.values(call.answers),
  ];
  return words.some((word) => word.trim() !== "");
}

/** The channel of a line's number, where a case may come in by it. */
export function channelOf(line: string): Call["channel"] {
  return LINES.find((known) => known === line) ?? "phone";
}

/** Required questions without an answer. */
export function openQuestions(call: Call, questions: readonly Question[]): Question[] {
  return questions.filter(({ required, field }) => required === true && !call.answers[field]?.trim());
}

function given<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== "")) as Partial<T>;
}

export function bodyOf(call: Call, around: Around = { call: null, questions: [] }): Intake {
  const respondent = given({ name: call.respondentName, phone: call.respondentPhone });
  const requester = call.anonymous
    ? { anonymous: true }
    : given({ name: call.name, phone: call.phone, id_number: call.idNumber });
  const answers = around.questions
    .map(({ id, field }) => ({ question: id, value: call.answers[field]?.trim() ?? "" }))
    .filter(({ value }) => value !== "");
  return {
    channel: call.channel,
    text: call.text,
    ...given({ source_line: call.sourceLine, region: call.region, place: call.place }),
    ...(call.eventAt ? { event_at: fromLocalInput(call.eventAt) } : {}),
    ...(Object.keys(requester).length > 0 ? { requester } : {}),
    ...(Object.keys(respondent).length > 0 ? { respondent } : {}),
    ...(around.call === null ? {} : { call: around.call }),
    ...(answers.length > 0 ? { answers } : {}),
    ...(around.transferredTo ? { transferred_to: around.transferredTo } : {}),
  };
}
