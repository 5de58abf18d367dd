import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { Span, TopicLine } from "@/api/wall";
import { toLocalInput } from "@/time/display";

export const SPANS = [1, 7, 30] as const;
const DAY_MS = 86_400_000;

/** Period and region of the wall; they stand in the address. */
export function spanOf(query: LocationQuery): { days: (typeof SPANS)[number]; region: string } {
  return {
    days: SPANS.find((days) => String(days) === query.days) ?? 1,
    region: typeof query.region === "string" && /^\d{6}$/.test(query.region) ? query.region : "",
  };
}

export function addressOf(days: number, region: string): LocationQueryRaw {
  return { ...(days !== 1 && { days: String(days) }), ...(region && { region }) };
}

/** What the server is asked for: so many days up to today, in Beijing. */
export function asked(days: number, region: string, now = new Date()): Span {
  const day = (moment: Date) => toLocalInput(moment).slice(0, 10);
  return { since: day(new Date(now.getTime() - (days - 1) * DAY_MS)), until: day(now), ...(region && { region }) };
}

/** 2026-11-22T08 is 8时, 2026-11-22 is 11-22. */
export function pointName(key: string): string {
  return key.includes("T") ? `${Number(key.slice(11))}时` : key.slice(5);
}

export function percent(share: number | null): string {
  return share === null ? "—" : `${(share * 100).toFixed(1)}%`;
}

/** Which way a topic goes against the mean of the four periods before; the arrow is spoken, too. */
export function trend({ change }: Pick<TopicLine, "change">): "up" | "down" | "flat" {
  return change >= 0.5 ? "up" : change <= -0.5 ? "down" : "flat";
}

export const ARROWS = { up: "▲", down: "▼", flat: "＝" } as const;
