import { client, take } from "./client";
import type { components } from "./schema";
import type { SimilarCase } from "./insight";

type Schemas = components["schemas"];

export type LineCall = Schemas["CallOut"];
export type CallerCard = Schemas["CallerCardOut"];
export type CallerCase = Schemas["CallerCaseOut"];
export type CurrentCall = Schemas["CurrentCallOut"];
export type Question = Schemas["QuestionOut"];
export type Hint = Schemas["HintOut"];
export type CallMove = "answered" | "ended" | "wrapped";
export type NoteKind = "vulnerable" | "language" | "caution";
export type Service = "110" | "119" | "120" | "122";

/** What is being typed; answers by field. */
export interface DraftWords {
  text: string;
  region: string;
  place: string;
  answers: Record<string, string>;
}

export function currentCall(): Promise<CurrentCall> {
  return take(client.GET("/api/v1/calls/current/"));
}

export function missedCalls(): Promise<LineCall[]> {
  return take(client.GET("/api/v1/calls/missed/"));
}

export function moveCall(call: number, state: CallMove): Promise<LineCall> {
  return take(client.POST("/api/v1/calls/{call}/state/", { params: { path: { call } }, body: { state } }));
}

/** The number in clear, to dial; the server keeps who asked for it. */
export async function callBack(call: number): Promise<string> {
  return (await take(client.POST("/api/v1/calls/{call}/call_back/", { params: { path: { call } } }))).phone;
}

export async function supplementByCall(call: number, number: string, text: string): Promise<void> {
  await take(client.POST("/api/v1/calls/{call}/supplement/", { params: { path: { call } }, body: { number, text } }));
}

export async function noteCaller(call: number, kind: NoteKind, note: string): Promise<void> {
  await take(client.POST("/api/v1/calls/{call}/notes/", { params: { path: { call } }, body: { kind, note } }));
}

export function listQuestions(topic: string): Promise<Question[]> {
  return take(client.GET("/api/v1/questions/", { params: { query: { topic } } }));
}

/** The same answer as the websocket's `draft`, when there is no line. */
export function askHint(body: DraftWords, signal?: AbortSignal): Promise<Hint> {
  return take(client.POST("/api/v1/hints/draft/", { body, signal }));
}

export async function askSimilar(body: DraftWords & { phone: string; call: number | null }, signal?: AbortSignal): Promise<SimilarCase[]> {
  return (await take(client.POST("/api/v1/hints/similar/", { body, signal }))).results;
}

/** The caller was passed on to an emergency service; the case is an emergency from then on. */
export async function transferCase(number: string, to: Service): Promise<void> {
  await take(client.POST("/api/v1/cases/{number}/transfer/", { params: { path: { number } }, body: { to } }));
}
