import { client, take } from "./client";
import type { components, operations } from "./schema";
import type { Ground, Region, RewardLevel, Suggestion, Topic, Unit } from "./types";

/** Keeps the first good answer for the life of the page; a failed fetch is tried again by the next caller. */
function once<T>(fetchIt: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    kept ??= fetchIt().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
}

export const listRegions = once((): Promise<Region[]> => take(client.GET("/api/v1/regions/")));

export const listTopics = once((): Promise<Topic[]> => take(client.GET("/api/v1/topics/")));

/** Coded reasons for returning or not accepting a case that was received on that day (2026-11-22). */
export function listGrounds(kind: NonNullable<operations["grounds_list"]["parameters"]["query"]>["kind"], receivedOn: string): Promise<Ground[]> {
  return take(client.GET("/api/v1/grounds/", { params: { query: { kind, received_on: receivedOn } } }));
}

export type Found = components["schemas"]["FoundOut"];
export type Place = components["schemas"]["PlaceOut"];

/** The regions that words of an address name; within: a region that is known already. */
export function findRegion(text: string, within: string, signal: AbortSignal): Promise<Found> {
  return take(client.GET("/api/v1/regions/find/", { params: { query: { text, ...(within ? { within } : {}) } }, signal }));
}

/** Units that may be given a case: of a region and those above it, by a part of the name. */
export function findUnits(region: string, q: string): Promise<Unit[]> {
  return take(client.GET("/api/v1/units/", { params: { query: { region, q } } }));
}

/** Whom the routing rules would make responsible for a topic at a place. */
export function suggestUnits(topic: string, region: string): Promise<Suggestion> {
  return take(client.GET("/api/v1/suggestion/", { params: { query: { topic, region } } }));
}

/** The levels by which a reward for a report is reckoned today. */
export function listRewardLevels(): Promise<RewardLevel[]> {
  return take(client.GET("/api/v1/reward-levels/"));
}
