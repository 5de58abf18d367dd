import { onUnmounted } from "vue";
import type { By, QualityGroup } from "@/api/models";
import { getQuality } from "@/api/models";
import { useLatest } from "@/api/useLatest";
import type { Asked } from "./asked";
import { periodOf } from "./asked";
import { NO_DRIFT, NO_FIGURES } from "./figures";

export interface Shown {
  asked: Asked;
  since: string;
  until: string;
  /** Since when the answers are that drift is measured against. */
  reference: string;
  whole: QualityGroup;
  groups: QualityGroup[];
}

/** The figures of a period, as a whole and by group. */
export function useQuality() {
  const latest = useLatest(async (signal, asked: Asked): Promise<Shown> => {
    const fetchBy = (by: By) => getQuality(by, periodOf(asked), signal);
    const [all, parts] = await Promise.all([fetchBy("none"), fetchBy(asked.by)]);
    const whole = all.groups[0] ?? { key: "", name: "", served: NO_FIGURES, shadow: null, drift: NO_DRIFT };
    return { asked, since: all.since, until: all.until, reference: all.reference_since, whole, groups: parts.groups };
  });
  onUnmounted(latest.forget);
  return latest;
}
