import { client, take } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Rates = Schemas["RatesOut"];
export type RatesBy = Rates["by"];
export type RatesGroup = Schemas["RatesGroupOut"];
export type Rate = Schemas["RateOut"];

/** Days of Beijing, both included; without them the last twelve weeks. */
export function getRates(by: RatesBy, period: { since?: string; until?: string }, signal: AbortSignal): Promise<Rates> {
  return take(client.GET("/api/v1/rates/", { params: { query: { by, ...period } }, signal }));
}
