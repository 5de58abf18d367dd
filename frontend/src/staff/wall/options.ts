import type { EChartsCoreOption } from "echarts/core";

export interface Point {
  name: string;
  count: number;
}

export interface Colours {
  ink: string;
  faint: string;
  line: string;
  brand: string;
  paper: string;
  series: readonly string[];
  font: string;
}

/** The course of receipts: a line over hours or days. */
export function inflowOption(points: readonly Point[], { ink, faint, line, brand, font }: Colours): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: font, color: ink },
    tooltip: { trigger: "axis", confine: true },
    grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: points.map(({ name }) => name), boundaryGap: false, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: faint, hideOverlap: true } },
    yAxis: { type: "value", min: 0, minInterval: 1, axisLabel: { color: faint }, splitLine: { lineStyle: { color: line } } },
    series: [{ type: "line", data: points.map(({ count }) => count), smooth: false, showSymbol: points.length < 32, symbolSize: 6, itemStyle: { color: brand }, lineStyle: { color: brand, width: 2 }, areaStyle: { color: brand, opacity: 0.14 } }],
  };
}

/** Shares as a ring; its legend with numbers and links stands beside it. */
export function ringOption(points: readonly Point[], { ink, paper, series, font }: Colours): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: font, color: ink },
    tooltip: { trigger: "item", confine: true },
    color: [...series],
    series: [{
      type: "pie", stillShowZeroSum: false, radius: ["58%", "88%"], label: { show: false }, itemStyle: { borderColor: paper, borderWidth: 2 },
      // every line keeps its colour, also the empty ones
      data: points.map(({ name, count }) => ({ name, value: count })), emptyCircleStyle: { color: "transparent" },
    }],
  };
}
