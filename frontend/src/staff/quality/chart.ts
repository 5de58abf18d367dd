/** The parts of ECharts that the page draws with: a chunk of their own, loaded when a chart comes into view. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export function chartIn(element: HTMLElement) {
  return init(element, null, { renderer: "svg" });
}
