import { client, csrfHeader, take } from "./client";
import { Problem, problemFrom } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type MadeDocument = Schemas["DocumentOut"];
export type DocumentForm = Schemas["FormOut"];
export type DocumentAsk = Schemas["AskOut"];
export type Documents = Schemas["DocumentsOut"];
export type Batch = Schemas["BatchOut"];
export type Checked = Schemas["CheckOut"];

export function listDocuments(number: string): Promise<Documents> {
  return take(client.GET("/api/v1/cases/{number}/documents/", { params: { path: { number } } }));
}

/** The sheet; an earlier one where the same facts are on paper already. */
export function makeDocument(number: string, form: string, given: Record<string, string>): Promise<MadeDocument> {
  return take(client.POST("/api/v1/cases/{number}/documents/", { params: { path: { number } }, body: { form, given } }));
}

/** Where the browser shows the masked PDF. */
export function paperUrl(number: string, id: number): string {
  return `/api/v1/cases/${number}/documents/${id}/`;
}

/** The PDF with personal data in clear; the server records who looked and why. */
export async function paperInClear(number: string, id: number, reason: string): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(`${paperUrl(number, id)}clear/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...csrfHeader() },
      body: JSON.stringify({ reason }),
    });
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null));
  return answer.blob();
}

export function askBatch(form: string, numbers: string[]): Promise<Batch> {
  return take(client.POST("/api/v1/documents/batch/", { body: { form, numbers } }));
}

export function getBatch(batch: number): Promise<Batch> {
  return take(client.GET("/api/v1/documents/batch/{batch}/", { params: { path: { batch } } }));
}

export function batchUrl(batch: number): string {
  return `/api/v1/documents/batch/${batch}/pdf/`;
}

export function checkPaper(code: string): Promise<Checked> {
  return take(client.GET("/api/v1/documents/check/", { params: { query: { code } } }));
}
