import { client, take } from "./client";
import type { components } from "./schema";

/** One thing that is to be said about a draft answer; `stops`: it goes out only with a reason. */
export type Finding = components["schemas"]["ReplyFindingOut"];

/** What the answer lacks, and what stops it. Nothing is stored. */
export async function checkAnswer(number: string, text: string, isPublic: boolean, signal: AbortSignal): Promise<Finding[]> {
  const params = { path: { number } };
  const call = client.POST("/api/v1/cases/{number}/reply-check/", { params, body: { text, public: isPublic }, signal });
  return (await take(call)).findings;
}
