import { client, codeHeader, take } from "./client";
import type { CaseDetail, CaseRow, CaseStep, Counts, Intake, Receipt, Revealed } from "./types";

/** What a queue can be asked for; several values of one filter are joined by commas. */
export interface QueueFilter {
  queue?: "mine" | "triage" | "all";
  state?: string;
  urgency?: string;
  domain?: string;
  topic?: string;
  region?: string;
  /** A token of /rates/: the cases behind a figure. */
  rate?: string;
  /** An entry of the register of respondents. */
  company?: string;
  /** What figures of the wall and of reports count; the server says what each means. */
  since?: string;
  until?: string;
  channel?: string;
  unit?: string;
  at?: string;
  lead?: string;
  intent?: string;
  deadline?: string;
  happened?: string;
  hour?: string;
  due?: string;
  /** A day on which a deadline of the officer's unit ends. */
  due_on?: string;
  order?: string;
  repeated?: string;
  supervised?: string;
  q?: string;
}

export interface Page {
  results: CaseRow[];
  next: string | null;
}

/** `key` makes a resend safe: the same key and content never becomes a second case. */
export function fileCase(body: Intake, key: string): Promise<Receipt> {
  return take(client.POST("/api/v1/cases/", { body, params: { header: { "Idempotency-Key": key } } }));
}

export function listCases(filter: QueueFilter, cursor?: string, limit?: number): Promise<Page> {
  // a word that the server does not know is refused by it, in words
  const query = { ...filter, due: filter.due as "overdue" | undefined, order: filter.order as "due" | undefined, cursor, limit };
  return take(client.GET("/api/v1/cases/", { params: { query } })) as Promise<Page>;
}

export function countCases(): Promise<Counts> {
  return take(client.GET("/api/v1/cases/counts/"));
}

/** `code` here and below: the citizen's query code; without it the staff session decides. */
export function getCase(number: string, code?: string): Promise<CaseDetail> {
  const params = { path: { number }, header: codeHeader(code) };
  return take(client.GET("/api/v1/cases/{number}/", { params })) as Promise<CaseDetail>;
}

export function getSteps(number: string, code?: string): Promise<CaseStep[]> {
  const params = { path: { number }, header: codeHeader(code) };
  return take(client.GET("/api/v1/cases/{number}/events/", { params })) as Promise<CaseStep[]>;
}

/** What a verb is sent with; which fields it has is the verb's own (staff/case/forms.ts). */
export type Body = Record<string, unknown>;

/** Any verb of complaints.lifecycle on one case: the case as it is afterwards. */
export function act(number: string, verb: string, body: Body, code?: string): Promise<CaseDetail> {
  // all verbs have the same shape of address and answer; one of them stands for the type
  const path = `/api/v1/cases/{number}/${verb}/` as "/api/v1/cases/{number}/sign/";
  const params = { path: { number }, header: codeHeader(code) };
  return take(client.POST(path, { params, body: body as { version: number } })) as Promise<CaseDetail>;
}

export interface Dispatch {
  lead: number;
  participants: number[];
  topic: string;
  urgency: "" | "U1" | "U2" | "U3" | "U4";
  reason: string;
}

export function dispatchCase(number: string, version: number, dispatch: Dispatch): Promise<CaseDetail> {
  const body = { version, ...dispatch };
  const call = client.POST("/api/v1/cases/{number}/dispatch/", { params: { path: { number } }, body });
  return take(call) as Promise<CaseDetail>;
}

export function supplementCase(number: string, text: string, code?: string): Promise<CaseDetail> {
  const params = { path: { number }, header: codeHeader(code) };
  return take(client.POST("/api/v1/cases/{number}/supplement/", { params, body: { text } })) as Promise<CaseDetail>;
}

export function withdrawCase(number: string, version: number, reason: string, code?: string): Promise<CaseDetail> {
  const params = { path: { number }, header: codeHeader(code) };
  const call = client.POST("/api/v1/cases/{number}/withdraw/", { params, body: { version, reason } });
  return take(call) as Promise<CaseDetail>;
}

/** Personal data in clear. The server writes down who looked and why. */
export function revealRequester(number: string, reason: string): Promise<Revealed> {
  return take(client.POST("/api/v1/cases/{number}/reveal/", { params: { path: { number } }, body: { reason } }));
}
