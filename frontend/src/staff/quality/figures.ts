import type { Drift, Share } from "@/api/models";

/** The shares that are shown, in the order of a reader's questions. */
export const FIGURES = ["topic", "domain", "review", "auto_routed", "auto_domain", "sure_domain"] as const;
export type Figure = (typeof FIGURES)[number];

/** 0.923 is 92.3 %. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** The 95 % interval, 90.1–94.0 %. */
export function interval({ low, high }: Share): string {
  return low === null || high === null ? "" : `${(low * 100).toFixed(1)}–${percent(high)}`;
}

/** Calm under 0.1, a shift from 0.25 on (population stability index); few: too little to say. */
export type DriftLevel = "few" | "calm" | "some" | "shift";

export function driftLevel(index: number | null): DriftLevel {
  if (index === null) return "few";
  if (index < 0.1) return "calm";
  return index <= 0.25 ? "some" : "shift";
}


const NO_SHARE: Share = { count: 0, of: 0, share: null, low: null, high: null };
export const NO_FIGURES = {
  answers: 0, mean_confidence: null, review: NO_SHARE, auto_routed: NO_SHARE, topic: NO_SHARE, domain: NO_SHARE,
  sure_domain: NO_SHARE, auto_domain: NO_SHARE,
};
export const NO_DRIFT: Drift = { topics: null, confidence: null, answers: 0, reference: 0 };
