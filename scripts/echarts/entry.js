// What pages draw their large charts with: the parts of ECharts that they use, and a binding of three
// functions. `scripts/charts` bundles it into public/charts/echarts.js.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { connect, getInstanceByDom, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  AriaComponent,
  BarChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  SVGRenderer,
  TooltipComponent,
]);

// Charts of one page share zoom and pointer.
const GROUP = 'page';
const watched = new WeakMap();
// How long a zoom stays as it is before it is told, in milliseconds.
const SETTLED = 400;
const pending = new WeakMap();

/** Draws an option tree, given as JSON, into an element; what was there is replaced, a zoom stays. */
function draw(element, json, description) {
  const option = JSON.parse(json);
  let chart = getInstanceByDom(element);
  if (!chart) {
    chart = init(element, null, { renderer: 'svg' });
    chart.group = GROUP;
    connect(GROUP);
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    watched.set(element, observer);
    chart.on('datazoom', () => tell(element, chart));
  }
  const [zoomed] = chart.getOption()?.dataZoom ?? [];
  if (zoomed) for (const zoom of option.dataZoom ?? []) Object.assign(zoom, { start: zoomed.start, end: zoomed.end });
  option.aria = { enabled: true, label: { description } };
  chart.setOption({ useUTC: true, ...option }, { notMerge: true });
}

/** Tells the element, as an event `zoomed`, from which to which second somebody has zoomed. */
function tell(element, chart) {
  clearTimeout(pending.get(element));
  pending.set(element, setTimeout(() => {
    if (chart.isDisposed()) return;
    const [zoom] = chart.getOption().dataZoom ?? [];
    const isWhole = !zoom || (zoom.start <= 0 && zoom.end >= 100);
    if (isWhole || !(zoom.endValue > zoom.startValue)) return;
    const detail = { from: Math.floor(zoom.startValue / 1000), to: Math.ceil(zoom.endValue / 1000) };
    element.dispatchEvent(new CustomEvent('zoomed', { detail }));
  }, SETTLED));
}

/** Shows all of the time again. */
function unzoom(element) {
  getInstanceByDom(element)?.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });
}

/** Lets go of what was drawn into an element. */
function dispose(element) {
  watched.get(element)?.disconnect();
  clearTimeout(pending.get(element));
  getInstanceByDom(element)?.dispose();
}

globalThis.patchlineCharts = { draw, unzoom, dispose };
