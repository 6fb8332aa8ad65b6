// Draws the history of a node with ECharts, which is loaded when the first chart is.
let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    if (window.echarts) { resolve(window.echarts); return; }
    const script = document.createElement('script');
    script.src = '_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js';
    script.onload = () => resolve(window.echarts);
    script.onerror = () => { library = undefined; reject(new Error('The chart library could not be loaded.')); };
    document.head.append(script);
  });
  return library;
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = (value) => (value === null || value === undefined
  ? '–'
  : new Intl.NumberFormat('en-US', { maximumFractionDigits: Math.abs(value) >= 100 ? 1 : 3 }).format(value));

function options(model) {
  const narrow = matchMedia('(max-width: 600px)').matches;
  const [text, grid, accent] = [color('--muted'), color('--line'), color('--accent')];
  const values = model.points.map((point) => point[1]).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A threshold far away from the values would press them flat; it is named in the definition all the same.
  const reach = Math.max(high - low, Math.abs(high) * 0.5, 1e-9) * 2;
  const shown = model.thresholds.filter(({ value }) => values.length > 0 && value <= high + reach && value >= low - reach);
  const time = (value, format) => new Intl.DateTimeFormat(model.language, { hourCycle: 'h23', ...format }).format(value);
  // Long numbers would push the drawing aside.
  const axis = (value) => (Math.abs(value) < 10_000
    ? number(value)
    : new Intl.NumberFormat(model.language, { notation: 'compact', maximumFractionDigits: 2 }).format(value));
  const withUnit = (value) => (model.unit === '%' ? `${number(value)}%` : `${number(value)} ${model.unit}`.trim());
  const font = getComputedStyle(document.body).fontFamily;
  const series = {
    id: 'values',
    name: model.name,
    type: model.isBars ? 'bar' : 'line',
    data: model.points,
    showSymbol: model.points.length === 1,
    symbolSize: 5,
    barMaxWidth: 14,
    lineStyle: { width: 1.8, color: accent },
    itemStyle: { color: accent, borderRadius: [2, 2, 0, 0] },
    areaStyle: model.isBars ? undefined : { color: accent, opacity: 0.1, origin: 'start' },
    emphasis: { disabled: true },
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      data: shown.map(({ level, value, label }) => ({
        yAxis: value,
        lineStyle: { color: color(`--${level}`), type: level === 'critical' ? 'solid' : 'dashed', width: 1.2 },
        label: {
          formatter: label, position: 'insideStartTop', color: color(`--${level}`), fontSize: 11, fontFamily: font,
          backgroundColor: color('--surface'), padding: [1, 4], borderRadius: 3,
        },
      })),
    },
    markArea: {
      silent: true,
      animation: false,
      data: model.spans.map(({ level, start, end, label }) => [
        { xAxis: start, name: label, itemStyle: { color: color(`--${level}`), opacity: 0.1 },
          label: { show: !narrow && (end ?? model.end) - start > (model.end - model.start) / 12, position: 'insideTop',
            color: color(`--${level}`), fontSize: 11, fontFamily: font } },
        { xAxis: Math.min(end ?? model.end, model.end) },
      ]),
    },
  };
  const long = model.end - model.start > 36 * 3600e3;
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: font },
    grid: { left: 4, right: narrow ? 8 : 16, top: 18, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: color('--surface'),
      borderColor: grid,
      textStyle: { color: color('--text'), fontSize: 12 },
      formatter: ([item]) => {
        const box = document.createElement('div');
        const value = document.createElement('strong');
        value.textContent = withUnit(item.value[1]);
        box.append(time(item.value[0], { dateStyle: 'short', timeStyle: 'medium' }), document.createElement('br'), value);
        return box;
      },
    },
    xAxis: {
      type: 'time', min: model.start, max: model.end,
      axisLine: { lineStyle: { color: grid } }, axisTick: { show: false }, splitLine: { show: false },
      axisLabel: {
        color: text, fontSize: 11, hideOverlap: true,
        formatter: (value) => time(value, long ? { month: 'numeric', day: 'numeric', ...(model.end - model.start > 8 * 86400e3 ? {} : { hour: '2-digit', minute: '2-digit' }) }
          : { hour: '2-digit', minute: '2-digit', ...(model.end - model.start < 600e3 ? { second: '2-digit' } : {}) }),
      },
      splitNumber: narrow ? 3 : 8,
    },
    yAxis: {
      type: 'value', scale: !model.isBars, splitNumber: 4,
      min: ({ min }) => spread(Math.min(min, ...shown.map(({ value }) => value)), low, high, -1, model.isBars),
      max: ({ max }) => spread(Math.max(max, ...shown.map(({ value }) => value)), low, high, 1, false),
      axisLabel: { color: text, fontSize: 11, showMinLabel: false, showMaxLabel: false, formatter: axis },
      splitLine: { lineStyle: { color: grid, opacity: 0.6 } },
    },
    series: [series],
  };
}

// Some air around the drawn values and thresholds; what is never negative does not begin below zero.
function spread(edge, low, high, side, fromZero) {
  if (!Number.isFinite(edge)) return undefined;
  if (fromZero) return Math.min(0, edge);
  const air = Math.max(high - low, Math.abs(edge) * 0.1, 1e-9) * 0.08;
  const wide = edge + side * air;
  return side < 0 && edge >= 0 ? Math.max(0, wide) : wide;
}

class Drawing {
  constructor(chart, element) {
    this.chart = chart;
    this.resizing = new ResizeObserver(() => { chart.resize(); this.render(); });
    this.resizing.observe(element);
    this.theming = new MutationObserver(() => this.render());
    this.theming.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  update(model) {
    this.model = model;
    this.render();
  }

  render() {
    if (this.model) this.chart.setOption(options(this.model), { notMerge: true, lazyUpdate: true });
  }

  dispose() {
    this.resizing.disconnect();
    this.theming.disconnect();
    this.chart.dispose();
  }
}

export async function draw(element) {
  const echarts = await load();
  return new Drawing(echarts.init(element, null, { renderer: 'canvas' }), element);
}
