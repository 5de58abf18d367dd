/** The parts of ECharts that plain bars need: a chunk of their own, loaded when a chart comes into view. */
import { BarChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, TooltipComponent, SVGRenderer]);

export function chartIn(element: HTMLElement) {
  return init(element, null, { renderer: "svg" });
}
