// Charts over Apache ECharts. ECharts comes as a plain script that a package carries; nothing here evaluates text.

let loading;
function load(url) {
  loading ??= new Promise((resolve, reject) => {
    if (window.echarts) { resolve(window.echarts); return; }
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => { loading = undefined; reject(new Error("ECharts could not be loaded")); };
    document.head.append(script);
  });
  return loading;
}

const none = "–";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// ---- values: the same words as Format in C# ----
function compact(value) {
  const size = Math.abs(value);
  const short = (number, unit) => `${+number.toPrecision(3)}${unit}`;
  if (size >= 999.5e6) { return short(value / 1e9, "B"); }
  if (size >= 999.5e3) { return short(value / 1e6, "M"); }
  if (size >= 9999.5) { return short(value / 1e3, "k"); }
  if (size >= 100) { return Math.round(value).toLocaleString("en-US"); }
  return String(+value.toPrecision(3));
}

function milliseconds(value) {
  if (value === 0) { return "0"; }
  if (value < 9.95) { return `${+value.toPrecision(3)} ms`; }
  if (value < 999.5) { return `${Math.round(value)} ms`; }
  if (value < 59995) { return `${+(value / 1000).toPrecision(3)} s`; }
  return `${+(value / 60000).toPrecision(3)} min`;
}

const usd = value => value === 0 ? "$0" : value >= 1000 ? `$${compact(value)}` : `$${+value.toPrecision(4)}`;

const units = {
  Count: compact,
  Events: compact,
  PerMinute: value => `${compact(value)} / min`,
  Milliseconds: milliseconds,
  Fraction: value => `${+(value * 100).toPrecision(3)} %`,
  Usd: usd,
  UsdPerHour: value => `${usd(value)} / h`,
  Tokens: value => `${compact(value)} tok`,
  TokensPerSecond: value => `${compact(value)} tok/s`,
};
const axes = { ...units, PerMinute: compact, UsdPerHour: usd, Tokens: compact, TokensPerSecond: compact };

// ---- times ----
const formatters = new Map();
function time(zone, options) {
  const key = zone + JSON.stringify(options);
  let format = formatters.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    formatters.set(key, format);
  }
  return format;
}

const hour = 3600e3;
const day = 24 * hour;

function axisLabel(spec, marks) {
  const span = spec.to - spec.from;
  if (span <= 20 * 60e3) { return value => time(spec.zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(value); }
  const date = time(spec.zone, { day: "numeric", month: "short" });
  // A day on which clocks change has 23 hours.
  if (marks.length > 1 && marks[1] - marks[0] >= 23 * hour) { return value => date.format(value); }
  const clock = time(spec.zone, { hour: "2-digit", minute: "2-digit" });
  return value => clock.format(value) === "00:00" ? date.format(value) : clock.format(value);
}

function bucketLabel(spec, at) {
  const long = time(spec.zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const clock = time(spec.zone, spec.step < 60e3 ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { hour: "2-digit", minute: "2-digit" });
  return spec.step >= day ? time(spec.zone, { weekday: "short", day: "numeric", month: "short" }).format(at)
    : `${long.format(at)} – ${clock.format(at + spec.step)}`;
}

// Ticks on round local times: ECharts would put them on the browser's zone.
const tickSteps = [10e3, 30e3, 60e3, 2 * 60e3, 5 * 60e3, 10 * 60e3, 15 * 60e3, 30 * 60e3, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 3 * day, 7 * day, 14 * day, 28 * day];
function ticks(spec, width) {
  // A date or a time of day takes 40 px, seconds 60.
  const most = Math.max(2, Math.floor(width / (spec.to - spec.from <= 20 * 60e3 ? 84 : 64)));
  const step = tickSteps.find(candidate => (spec.to - spec.from) / candidate <= most) ?? tickSteps.at(-1);
  const offset = at => {
    const part = Object.fromEntries(time(spec.zone, { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" })
      .formatToParts(at).map(({ type, value }) => [type, +value]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(at / 1000) * 1000;
  };
  const found = [];
  const shift = offset(spec.from);
  for (let local = Math.ceil((spec.from + shift) / step) * step; ; local += step) {
    const guess = local - shift;
    const at = local - offset(guess);
    if (at > spec.to) { break; }
    // A label too near the right edge would be cut.
    if (at >= spec.from && (spec.to - at) / (spec.to - spec.from) * width > 24) { found.push(at); }
  }
  return found;
}

// ---- option ----
const color = tone => css(`--bw-series-${tone}`) || css("--bw-series-1");

function seriesOf(spec, one) {
  // A value stands in the middle of its bucket; the first and last buckets are cut by the range.
  const data = spec.times.map((at, index) => [(Math.max(at, spec.from) + Math.min(at + spec.step, spec.to)) / 2, one.values[index] ?? null]);
  const tint = color(one.tone);
  const base = { name: one.name, data, animation: false, z: one.previous ? 1 : 3, emphasis: { disabled: true }, cursor: "crosshair" };
  if (spec.kind === "bars" && !one.previous) {
    // The least height makes one among thousands visible; a zero must not look like one.
    const bars = data.map(([at, value]) => [at, value === 0 ? null : value]);
    return { ...base, data: bars, type: "bar", stack: "all", barCategoryGap: "18%", barMinHeight: 1, itemStyle: { color: tint } };
  }
  const alone = data.map((point, index) => point[1] !== null && (data[index - 1]?.[1] ?? null) === null && (data[index + 1]?.[1] ?? null) === null);
  return {
    ...base,
    type: "line",
    connectNulls: false,
    // A point between two gaps has no line to be seen by.
    symbol: (_, params) => alone[params.dataIndex] ? "circle" : "none",
    symbolSize: 4,
    showSymbol: true,
    lineStyle: { width: one.previous ? 1.25 : 1.75, color: tint, type: one.previous ? [4, 4] : "solid", opacity: one.previous ? 0.55 : 1 },
    itemStyle: { color: tint, opacity: one.previous ? 0.55 : 1 },
    ...(spec.kind === "area" && !one.previous ? { stack: "all", areaStyle: { color: tint, opacity: 0.22 }, lineStyle: { width: 1.25, color: tint } } : {}),
  };
}

function tooltip(spec) {
  return params => {
    const list = Array.isArray(params) ? params : [params];
    if (!list.length) { return ""; }
    const index = list[0].dataIndex;
    // Names of models and endpoints are strangers' text: nodes, never markup.
    const box = document.createElement("div");
    box.className = "bw-tip";
    const head = box.appendChild(document.createElement("div"));
    head.className = "bw-tip__time";
    head.textContent = bucketLabel(spec, spec.times[index]);
    for (const one of spec.series) {
      const row = box.appendChild(document.createElement("div"));
      row.className = "bw-tip__row";
      const swatch = row.appendChild(document.createElement("span"));
      swatch.className = one.previous ? "bw-swatch bw-swatch--dashed" : "bw-swatch";
      if (!one.previous) { swatch.style.background = color(one.tone); }
      const name = row.appendChild(document.createElement("span"));
      name.className = "bw-tip__name";
      name.textContent = one.previous ? `${one.name}, before` : one.name;
      const value = row.appendChild(document.createElement("span"));
      value.className = "bw-tip__value";
      const number = one.values[index];
      value.textContent = number === null || number === undefined ? none : units[spec.unit](number);
    }
    return box;
  };
}

function option(spec, width) {
  const text = css("--bw-text-2");
  const grid = css("--bw-line");
  const marks = ticks(spec, width);
  const label = axisLabel(spec, marks);
  const stacked = spec.kind !== "line";
  const isFraction = spec.unit === "Fraction";
  // There is no half of a request.
  const isCount = spec.unit === "Count" || spec.unit === "Events";
  // Shares that reach the top stand on a scale of quarters; small ones get one of their own.
  const isWhole = isFraction && spec.series.some(one => one.values.some(value => value > 0.5));
  return {
    animation: false,
    textStyle: { fontFamily: css("--bw-font") },
    grid: { left: 4, right: 10, top: spec.axisName ? 22 : 10, bottom: 2, containLabel: true },
    // Two axes over the same span: the time axis places and stacks the values, and the other one carries our labels, on round
    // times of the viewer's zone, which a time axis cannot take.
    xAxis: [
      { type: "time", min: spec.from, max: spec.to, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { show: false }, splitLine: { show: false } },
      {
        type: "value", position: "bottom", scale: true, min: spec.from, max: spec.to, axisPointer: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: grid } }, axisTick: { show: false, customValues: marks }, splitLine: { show: false },
        axisLabel: { color: text, fontSize: 11, hideOverlap: true, formatter: label, customValues: marks },
      },
    ],
    yAxis: {
      type: "value", min: 0, splitNumber: 3, minInterval: isCount ? 1 : undefined, max: isWhole ? 1 : isFraction ? range => Math.max(range.max * 1.15, 0.01) : undefined, interval: isWhole ? 0.25 : undefined,
      name: spec.axisName, nameLocation: "end", nameGap: 8, nameTextStyle: { color: text, fontSize: 11, align: "left", padding: [0, 0, 0, 0] },
      axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: grid, width: 1 } },
      axisLabel: { color: text, fontSize: 11, formatter: value => axes[spec.unit](value), showMaxLabel: !isFraction || isWhole },
    },
    tooltip: {
      trigger: "axis", confine: true, transitionDuration: still.matches ? 0 : 0.12, className: "bw-tip__frame",
      backgroundColor: css("--bw-raised"), borderColor: css("--bw-line-strong"), borderWidth: 1, padding: 0, extraCssText: "box-shadow:var(--bw-shadow)",
      axisPointer: { type: stacked && spec.kind === "bars" ? "shadow" : "line", lineStyle: { color: css("--bw-text-3"), type: "solid", width: 1 }, shadowStyle: { color: css("--bw-hover"), opacity: 1 }, label: { show: false }, animation: false },
      formatter: tooltip(spec),
    },
    series: spec.series.map(one => seriesOf(spec, one)),
  };
}

// ---- one crosshair for all charts of a page ----
const charts = new Set();
let pointing = false;
function share(source, at) {
  if (pointing) { return; }
  pointing = true;
  for (const other of charts) {
    if (other === source) { continue; }
    other.crosshair(at);
  }
  pointing = false;
}

class Chart {
  constructor(host, owner, echarts) {
    this.host = host;
    this.owner = owner;
    this.chart = echarts.init(host, null, { renderer: "canvas" });
    this.line = host.appendChild(document.createElement("div"));
    this.line.className = "bw-chart__crosshair";
    this.line.hidden = true;
    this.selection = host.appendChild(document.createElement("div"));
    this.selection.className = "bw-chart__selection";
    this.selection.hidden = true;
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(host);
    this.onTheme = () => this.redraw();
    addEventListener("bellwether-theme", this.onTheme);
    this.listen();
    charts.add(this);
  }

  setOption(spec) {
    this.spec = spec;
    try {
      this.redraw();
    } catch (error) {
      // The component shows its table instead; the reason would otherwise be seen by nobody.
      console.error("Chart could not be drawn", error);
      throw error;
    }
  }

  redraw() {
    if (!this.spec || !this.chart) { return; }
    this.width = this.host.clientWidth;
    this.chart.setOption(option(this.spec, this.width), { notMerge: true, lazyUpdate: false });
    this.host.dataset.drawn = String(this.spec.series.length);
  }

  resize() {
    if (!this.chart || !this.host.clientWidth || this.host.clientWidth === this.width && this.height === this.host.clientHeight) { return; }
    this.height = this.host.clientHeight;
    this.chart.resize();
    this.redraw();
  }

  at(x) { return this.chart.convertFromPixel({ xAxisIndex: 0 }, x); }
  x(at) { return this.chart.convertToPixel({ xAxisIndex: 0 }, at); }

  crosshair(at) {
    this.line.hidden = at === null || !this.spec || at < this.spec.from || at > this.spec.to;
    if (!this.line.hidden) { this.line.style.left = `${this.x(at)}px`; }
  }

  // Dragging with a mouse or a pen chooses a range; a finger scrolls the page.
  listen() {
    let start = null;
    const local = event => event.clientX - this.host.getBoundingClientRect().left;
    const within = x => Math.min(Math.max(x, this.x(this.spec.from)), this.x(this.spec.to));
    this.host.addEventListener("pointerdown", event => {
      if (event.button !== 0 || event.pointerType === "touch" || !this.spec) { return; }
      start = within(local(event));
      this.host.setPointerCapture(event.pointerId);
    });
    this.host.addEventListener("pointermove", event => {
      if (!this.spec) { return; }
      const x = within(local(event));
      share(this, this.at(x));
      if (start === null || !this.spec.zoomable || Math.abs(x - start) < 5) { this.selection.hidden = true; return; }
      this.selection.hidden = false;
      this.selection.style.left = `${Math.min(start, x)}px`;
      this.selection.style.width = `${Math.abs(x - start)}px`;
    });
    this.host.addEventListener("pointerup", event => {
      if (start === null) { return; }
      const [from, to] = [start, within(local(event))].sort((a, b) => a - b);
      start = null;
      this.selection.hidden = true;
      if (to - from >= 5) {
        if (this.spec.zoomable) { this.owner.invokeMethodAsync("ZoomAsync", Math.round(this.at(from)), Math.max(Math.round(this.at(to)), Math.round(this.at(from)) + 10e3)); }
      } else if (this.spec.pickable) {
        const at = this.at(from);
        const bucket = this.spec.times.findLastIndex(time => time <= at);
        if (this.spec.series.some(one => one.values[bucket])) { this.owner.invokeMethodAsync("PickAsync", bucket); }
      }
    });
    this.host.addEventListener("pointercancel", () => { start = null; this.selection.hidden = true; });
    this.host.addEventListener("pointerleave", () => share(this, null));
  }

  dispose() {
    charts.delete(this);
    removeEventListener("bellwether-theme", this.onTheme);
    this.resizer.disconnect();
    this.chart?.dispose();
    this.chart = null;
    this.line.remove();
    this.selection.remove();
  }
}

export async function init(host, owner, url) {
  const echarts = await load(url);
  return new Chart(host, owner, echarts);
}
