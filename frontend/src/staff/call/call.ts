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
}

/** The next call comes on the same line as the last. */
export function emptyCall(before?: Pick<Call, "channel" | "sourceLine">): Call {
  return {
    channel: before?.channel ?? "phone",
    sourceLine: before?.sourceLine ?? "",
    name: "", phone: "", idNumber: "", anonymous: false, text: "", region: "", place: "", eventAt: "",
    respondentName: "", respondentPhone: "",
  };
}

function given<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== "")) as Partial<T>;
}

export function bodyOf(call: Call): Intake {
  const respondent = given({ name: call.respondentName, phone: call.respondentPhone });
  const requester = call.anonymous
    ? { anonymous: true }
    : given({ name: call.name, phone: call.phone, id_number: call.idNumber });
  return {
    channel: call.channel,
    text: call.text,
    ...given({ source_line: call.sourceLine, region: call.region, place: call.place }),
    ...(call.eventAt ? { event_at: fromLocalInput(call.eventAt) } : {}),
    ...(Object.keys(requester).length > 0 ? { requester } : {}),
    ...(Object.keys(respondent).length > 0 ? { respondent } : {}),
  };
}
