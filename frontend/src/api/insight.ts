import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Offsets here and below are code points, the end exclusive. */
export type Phrase = Schemas["PhraseOut"];
export type Why = Schemas["WhyOut"];
export type Matter = Schemas["MatterOut"];
export type SimilarCase = Schemas["SimilarCaseOut"];

/** The phrases that spoke for a topic; without one, for the case's own. */
export function getWhy(number: string, topic: string | undefined, signal: AbortSignal): Promise<Why> {
  const params = { path: { number }, query: { topic } };
  return take(client.GET("/api/v1/cases/{number}/why/", { params, signal }));
}

export async function getMatters(number: string, signal: AbortSignal): Promise<Matter[]> {
  return (await take(client.GET("/api/v1/cases/{number}/matters/", { params: { path: { number } }, signal }))).matters;
}

/** The cases most like this one, most alike first. */
export async function getSimilar(number: string, signal: AbortSignal): Promise<SimilarCase[]> {
  return (await take(client.GET("/api/v1/cases/{number}/similar/", { params: { path: { number } }, signal }))).results;
}
