// What pages draw their large charts with: the parts of ECharts that they use, and a binding of two
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
// How long a zoom stays as it is, and let go, before it is told, in milliseconds.
const SETTLED = 400;
const pending = new WeakMap();
// The chart that a pointer went down in last: it alone tells of a zoom that all of the page share.
let touched = null;
// What is to be drawn when the pointer is let go: drawing anew would take the slider out of the hand.
const waiting = new Map();
let isHeld = false;

addEventListener('pointerdown', ({ target }) => {
  touched = target.closest?.('.large-chart') ?? null;
  isHeld = touched !== null;
}, true);
for (const end of ['pointerup', 'pointercancel', 'blur']) addEventListener(end, ({ type, target }) => {
  // Taking the slider takes the focus from whatever had it: only the window's own loss is a letting go.
  if (type === 'blur' && target !== globalThis) return;
  isHeld = false;
  for (const [element, [json, description]] of waiting) if (element.isConnected) draw(element, json, description);
  waiting.clear();
}, true);

/** Draws an option tree, given as JSON, into an element; what was there is replaced, a zoom stays. */
function draw(element, json, description) {
  if (isHeld) {
    waiting.set(element, [json, description]);
    return;
  }
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
  refine(option);
  option.aria = { enabled: true, label: { description } };
  chart.setOption({ useUTC: true, ...option }, { notMerge: true });
}

/** Says what charming has no words for: labels leave each other room, the slider's ends tell
 * their time, and what the pointer tells stays within the chart. */
function refine(option) {
  for (const axis of [option.xAxis].flat()) Object.assign(axis.axisLabel, { hideOverlap: true });
  for (const zoom of [option.dataZoom ?? []].flat()) zoom.labelFormatter = momentInTwoLines;
  Object.assign(option.tooltip, { confine: true, textStyle: { color: 'var(--text)' } });
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

function momentInTwoLines(moment) {
  return `${DAY.format(moment)}\n${CLOCK.format(moment)}`;
}

/** Tells the element, as an event `zoomed`, from which to which second somebody has zoomed; not
 * while the slider is held, however long it rests: the page that follows would take it away. */
function tell(element, chart) {
  if (element !== touched) return;
  clearTimeout(pending.get(element));
  pending.set(element, setTimeout(() => {
    if (chart.isDisposed()) return;
    if (isHeld) return tell(element, chart);
    const [zoom] = chart.getOption().dataZoom ?? [];
    const isWhole = !zoom || (zoom.start <= 0 && zoom.end >= 100);
    if (isWhole || !(zoom.endValue > zoom.startValue)) return;
    const detail = { from: Math.floor(zoom.startValue / 1000), to: Math.ceil(zoom.endValue / 1000) };
    element.dispatchEvent(new CustomEvent('zoomed', { detail }));
  }, SETTLED));
}

/** Lets go of what was drawn into an element. */
function dispose(element) {
  waiting.delete(element);
  watched.get(element)?.disconnect();
  clearTimeout(pending.get(element));
  getInstanceByDom(element)?.dispose();
}

globalThis.patchlineCharts = { draw, dispose };
