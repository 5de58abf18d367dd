import type { EChartsCoreOption } from "echarts/core";

export interface Bar {
  name: string;
  /** null where there is nothing to divide by. */
  value: number | null;
}

export interface Colours {
  ink: string;
  faint: string;
  line: string;
  bar: string;
  font: string;
}

/** Lying bars for groups (shares in per cent), standing ones for a course of time (counts). On a narrow stage names have two lines. */
export function barsOption(bars: readonly Bar[], kind: "lying" | "standing", { ink, faint, line, bar, font }: Colours, narrow = false): EChartsCoreOption {
  const lying = kind === "lying";
  const names = { type: "category", data: bars.map(({ name }) => name), axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const unit = lying ? "%" : "";
  const values = { type: "value", min: 0, ...(lying ? { max: 100 } : { minInterval: 1 }), axisLabel: { color: faint, hideOverlap: true, formatter: `{value}${unit}` }, splitLine: { lineStyle: { color: line } } };
  return {
    animation: false,
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: lying ? 56 : 16, top: lying ? 8 : 24, bottom: 8, containLabel: true },
    xAxis: lying ? values : { ...names, axisLabel: { color: faint } },
    yAxis: lying ? { ...names, inverse: true, axisLabel: { color: ink, width: narrow ? 104 : 168, ...(narrow ? { overflow: "break", fontSize: 11, lineHeight: 13 } : { overflow: "truncate" }) } } : values,
    series: [
      {
        type: "bar", barMaxWidth: lying ? 18 : 36, itemStyle: { color: bar, borderRadius: 2 }, data: bars.map(({ value }) => value),
        label: { show: true, position: lying ? "right" : "top", color: ink, formatter: `{c}${unit}` },
      },
    ],
  };
}
