import { client, take } from "./client";
import type { Near, TopicHint } from "./types";

/** What to ask somebody who is writing this. Nothing is stored. */
export function askTopic(text: string, signal?: AbortSignal): Promise<TopicHint> {
  return take(client.POST("/api/v1/hints/topic/", { body: { text }, signal }));
}

/** Open cases of a county or city that a text is much like; nothing tells whose they are. */
export async function askNearby(text: string, region: string, signal?: AbortSignal): Promise<Near[]> {
  return (await take(client.POST("/api/v1/hints/nearby/", { body: { text, region }, signal }))).results;
}
