import type { EChartsCoreOption } from "echarts/core";
import type { Figures, QualityGroup } from "@/api/models";
import type { Figure } from "./figures";

/** The page's colours, as a chart needs them. */
export interface Palette {
  ink: string;
  faint: string;
  line: string;
  served: string;
  shadow: string;
  paper: string;
  /** The family of the page's letters, by which widths are measured. */
  font: string;
}

export interface Words {
  served: string;
  shadow: string;
  interval: string;
  topics: string;
  confidence: string;
  some: string;
  shift: string;
}

export type Drawn = (palette: Palette, words: Words) => EChartsCoreOption;

/** In per cent with one decimal; null where there is nothing to divide by. */
const points = (share: number | null | undefined): number | null => (share === null || share === undefined ? null : Math.round(share * 1000) / 10);
const shareOf = (figures: Figures | null, figure: Figure): number | null => points(figures?.[figure].share);

function frame({ ink, faint, line, paper, font }: Palette): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 18, itemGap: 16, textStyle: { color: ink } },
    tooltip: { trigger: "axis", confine: true, backgroundColor: paper, borderColor: line, textStyle: { color: ink } },
    axes: { axisLabel: { color: faint }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } },
  };
}

const named = (group: QualityGroup): string => group.name || group.key;

/** A share week by week with its interval; the shadow beside it where there is one. */
export function weeksOption(groups: readonly QualityGroup[], figure: Figure): Drawn {
  return (palette, words) => {
    const { axes, ...rest } = frame(palette);
    const low = groups.map(({ served }) => points(served[figure].low));
    const band = groups.map(({ served }, n) => {
      const [from, to] = [low[n], points(served[figure].high)];
      return from === null || from === undefined || to === null ? null : Math.round((to - from) * 10) / 10;
    });
    const quiet = { type: "line", stack: "interval", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
    return {
      ...rest,
      legend: { ...(rest.legend as object), data: [words.served, words.interval, ...(groups.some(({ shadow }) => shadow) ? [words.shadow] : [])] },
      xAxis: { ...(axes as object), type: "category", data: groups.map(named) },
      yAxis: { ...(axes as object), type: "value", max: 100, min: 0, axisLabel: { color: palette.faint, formatter: "{value}%" } },
      series: [
        { ...quiet, name: "low", data: low },
        { ...quiet, name: words.interval, data: band, itemStyle: { color: palette.served, opacity: 0.25 }, areaStyle: { color: palette.served, opacity: 0.15 } },
        {
          name: words.served, type: "line", symbol: "circle", symbolSize: 8, itemStyle: { color: palette.served },
          data: groups.map(({ served }) => shareOf(served, figure)),
        },
        {
          name: words.shadow, type: "line", symbol: "diamond", symbolSize: 9, itemStyle: { color: palette.shadow }, lineStyle: { type: "dashed" },
          data: groups.map(({ shadow }) => shareOf(shadow, figure)),
        },
      ],
    };
  };
}

/** Drift week by week, with the two lines at which it begins to mean something. */
export function driftOption(groups: readonly QualityGroup[]): Drawn {
  return (palette, words) => {
    const { axes, ...rest } = frame(palette);
    const known = groups.flatMap(({ drift }) => [drift.topics ?? 0, drift.confidence ?? 0]);
    return {
      ...rest,
      xAxis: { ...(axes as object), type: "category", data: groups.map(named) },
      yAxis: { ...(axes as object), type: "value", min: 0, max: Math.ceil(Math.max(0.3, ...known) * 10) / 10 },
      series: [
        {
          name: words.topics, type: "line", symbol: "circle", symbolSize: 8, itemStyle: { color: palette.served },
          data: groups.map(({ drift }) => drift.topics),
          markLine: {
            symbol: "none", silent: true, lineStyle: { color: palette.faint, type: "dotted" },
            data: [
              { yAxis: 0.1, label: { formatter: words.some, position: "insideEndTop", color: palette.faint } },
              { yAxis: 0.25, label: { formatter: words.shift, position: "insideEndTop", color: palette.faint } },
            ],
          },
        },
        {
          name: words.confidence, type: "line", symbol: "diamond", symbolSize: 9, itemStyle: { color: palette.shadow }, lineStyle: { type: "dashed" },
          data: groups.map(({ drift }) => drift.confidence),
        },
      ],
    };
  };
}

/** A share by group as lying bars, most answers on top. */
export function barsOption(groups: readonly QualityGroup[], figure: Figure): Drawn {
  return (palette, words) => {
    const { axes, ...rest } = frame(palette);
    const withShadow = groups.some(({ shadow }) => shadow);
    const bar = (name: string, color: string, of: (group: QualityGroup) => Figures | null) => ({
      name, type: "bar", barMaxWidth: 18, itemStyle: { color, borderRadius: 2 }, data: groups.map((group) => shareOf(of(group), figure)),
      label: { show: true, position: "right", color: palette.ink, formatter: "{c}%" },
    });
    return {
      ...rest,
      grid: { left: 8, right: 56, top: 36, bottom: 8, containLabel: true },
      xAxis: { ...(axes as object), type: "value", max: 100, min: 0, axisLabel: { color: palette.faint, formatter: "{value}%" } },
      yAxis: {
        ...(axes as object), type: "category", inverse: true, data: groups.map(named), splitLine: { show: false },
        axisLabel: { color: palette.ink, width: 132, overflow: "truncate" },
      },
      series: [
        bar(words.served, palette.served, ({ served }) => served),
        ...(withShadow ? [bar(words.shadow, palette.shadow, ({ shadow }) => shadow)] : []),
      ],
    };
  };
}

/** The groups a chart has room for: those with most answers. */
export const MOST_BARS = 15;

export function largest(groups: readonly QualityGroup[]): QualityGroup[] {
  return [...groups].sort((a, b) => b.served.answers - a.served.answers).slice(0, MOST_BARS);
}
