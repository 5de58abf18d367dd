/** The parts of ECharts that the wall needs: a chunk of its own, loaded when the wall is open. */
import { LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, PieChart, GridComponent, TooltipComponent, SVGRenderer]);

export function chartIn(element: HTMLElement) {
  return init(element, null, { renderer: "svg" });
}
