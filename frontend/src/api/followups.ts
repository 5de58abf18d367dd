import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type FollowUpTask = Required<Schemas["FollowUpTaskOut"]>;
export type Script = Required<Schemas["ScriptOut"]> & { questions: { code: string; text: string; kind: string }[] };
export type FollowUpPage = Omit<Schemas["FollowUpPage"], "results"> & { results: FollowUpTask[] };
export type Called = Schemas["CalledInRequest"];

/** Calls to make now, the oldest first. */
export function listFollowUps(cursor: string | undefined, signal?: AbortSignal): Promise<FollowUpPage> {
  return take(client.GET("/api/v1/followups/", { params: { query: { cursor } }, signal })) as Promise<FollowUpPage>;
}

/** Takes a call for a quarter of an hour. */
export function claimFollowUp(task: number): Promise<Script> {
  return take(client.POST("/api/v1/followups/{task}/claim/", { params: { path: { task } } })) as unknown as Promise<Script>;
}

export function reportCall(task: number, body: Called): Promise<FollowUpTask> {
  return take(client.POST("/api/v1/followups/{task}/called/", { params: { path: { task } }, body })) as Promise<FollowUpTask>;
}

export async function surveyLink(task: number): Promise<string> {
  return (await take(client.POST("/api/v1/followups/{task}/link/", { params: { path: { task } } }))).url;
}
