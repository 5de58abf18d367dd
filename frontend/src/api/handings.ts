import { client, csrfHeader, take } from "./client";
import { Problem, problemFrom } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Handing = Schemas["HandingOut"];
export type Handings = Schemas["HandingsOut"];

/** Where the case or a clue of it was handed over to, the latest first. */
export function listHandings(number: string): Promise<Handings> {
  return take(client.GET("/api/v1/cases/{number}/handings/", { params: { path: { number } } }));
}

/** The receiving authority's own number for the matter. */
export function recordReceipt(number: string, of: number, receiptNumber: string): Promise<Handings> {
  return take(
    client.POST("/api/v1/cases/{number}/handings/{of}/receipt/", {
      params: { path: { number, of } }, body: { receipt_number: receiptNumber },
    }),
  );
}

/** The file of the case as a ZIP; masked unless a reason is given. The server records who took it. */
export async function takePackage(number: string, of: number, clearBecause?: string): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(new Request(new URL(`/api/v1/cases/${number}/handings/${of}/package/`, location.origin), {
      method: "POST",
      headers: { "Content-Type": "application/json", ...csrfHeader() },
      body: JSON.stringify(clearBecause === undefined ? {} : { clear: true, reason: clearBecause }),
    }));
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null));
  return answer.blob();
}
