import { client, take } from "./client";
import type { CaseRow } from "./types";

/** What a search can be narrowed to; the names are the server's. */
export interface SearchFilter {
  q: string;
  order?: "newest" | "best";
  state?: string;
  domain?: string;
  topic?: string;
  urgency?: string;
  channel?: string;
  due?: "overdue" | "today" | "three_days" | "week";
  since?: string;
  until?: string;
}

/** capped: there are older hits, too, that are not listed. */
export interface Hits {
  results: CaseRow[];
  next: string | null;
  capped: boolean;
}

export function searchCases(filter: SearchFilter, cursor?: string, signal?: AbortSignal): Promise<Hits> {
  const query = { ...filter, cursor, limit: 30 };
  return take(client.GET("/api/v1/cases/", { params: { query }, signal })) as Promise<Hits>;
}
