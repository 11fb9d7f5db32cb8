// Polls /metrics, and shows what an operator looks at first. docs/reference/metrics.md explains the metrics.

const PERIOD_MILLIS = 2_000;
const WINDOW_MILLIS = 60_000;

/** Values of which a minute is kept, the newest last: {at, series: Map(name, [{labels, value}])}. */
const samples = [];

// ---- Reading Prometheus' text format ----------------------------------------------------------------------------

function parse(text) {
  const series = new Map();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match) {
      if (!series.has(match[1])) series.set(match[1], []);
      series.get(match[1]).push({labels: labels(match[2] ?? ""), value: Number(match[3].replace("Inf", "Infinity"))});
    }
  }
  return series;
}

function labels(text) {
  const found = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    found[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
  }
  return found;
}

// ---- Figures: each is a function from nothing to a number, or to undefined where there is none -------------------

/** Sum of the series whose labels match; patterns are regular expressions of whole values. */
function sum(sample, name, patterns = {}) {
  const matching = (sample.series.get(name) ?? []).filter(({labels}) =>
    Object.entries(patterns).every(([label, pattern]) => new RegExp(`^(?:${pattern})$`).test(labels[label] ?? "")));
  return matching.length === 0 ? undefined : matching.reduce((total, {value}) => total + value, 0);
}

const now = (name, patterns) => () => sum(samples.at(-1), name, patterns);

/** Increase of a counter per second. */
const rate = (name, patterns) => () => {
  const seconds = (samples.at(-1).at - samples[0].at) / 1000;
  const newest = sum(samples.at(-1), name, patterns);
  // A series that did not exist before began at 0.
  return seconds === 0 || newest === undefined ? undefined : (newest - (sum(samples[0], name, patterns) ?? 0)) / seconds;
};

const ratio = (part, whole) => () => {
  const divisor = whole();
  return divisor ? (part() ?? 0) / divisor : undefined;
};

/** p95 of a histogram, as Prometheus computes it. */
const p95 = (name, patterns = {}) => () => {
  const bounds = [...new Set((samples.at(-1).series.get(`${name}_bucket`) ?? []).map(({labels}) => labels.le))]
    .map(le => ({le, bound: Number(le.replace("+Inf", "Infinity"))}))
    .sort((one, other) => one.bound - other.bound);
  const counts = bounds.map(({le}) =>
    rate(`${name}_bucket`, {...patterns, le: le.replace(/[.+]/g, "\\$&")})() ?? 0);
  const rank = 0.95 * (counts.at(-1) ?? 0);
  if (rank === 0) return undefined;
  const i = counts.findIndex(count => count >= rank);
  if (bounds[i].bound === Infinity) return bounds[i - 1]?.bound;
  const [low, before] = i === 0 ? [0, 0] : [bounds[i - 1].bound, counts[i - 1]];
  return low + (bounds[i].bound - low) * (rank - before) / (counts[i] - before);
};

const ANSWERED = {outcome: "hit|revalidated|followed|generated|unanswerable|degraded"};
const answers = patterns => rate("throng_question_duration_seconds_count", patterns);
const requests = patterns => rate("throng_http_request_duration_seconds_count", patterns);
const disk = () => now("throng_data_free_bytes")() / now("throng_data_size_bytes")();

// ---- Units ------------------------------------------------------------------------------------------------------

const number = value => value.toLocaleString("en", {maximumSignificantDigits: 3});
const perSecond = value => `${number(value)} /s`;
const percent = value => `${number(100 * value)} %`;
const seconds = value => (value < 1 ? `${number(1000 * value)} ms` : `${number(value)} s`);
const bytes = value => (value < 1e9 ? `${number(value / 1e6)} MB` : `${number(value / 1e9)} GB`);

// ---- What is shown: name, figure, unit, and when it is bad --------------------------------------------------------

const GROUPS = [
  ["Requests", [
    ["requests", requests(), perSecond],
    ["questions and searches that fail", ratio(requests({route: "/query|/search", status: "5xx"}), requests({route: "/query|/search"})), percent, value => value > 0.001],
    ["in flight", now("throng_http_in_flight"), number],
    ["connections", now("throng_http_connections"), number],
    ["refused for lack of places", rate("throng_admission_refused_total"), perSecond, value => value > 0],
  ]],
  ["Answers", [
    ["answers", answers(ANSWERED), perSecond],
    ["without a new generation", ratio(answers({outcome: "hit|revalidated|followed"}), answers(ANSWERED)), percent],
    ["cached, p95", p95("throng_question_duration_seconds", {outcome: "hit"}), seconds],
    ["all, p95", p95("throng_question_duration_seconds"), seconds, value => value > 3],
    ["waiting for another client's answer", now("throng_flight_followers"), number],
    ["degraded", rate("throng_degraded_total"), perSecond, value => value > 0],
  ]],
  ["Generations", [
    ["running", now("throng_generations_running"), number],
    ["waiting", now("throng_generations_waiting"), number],
    ["oldest wait", now("throng_generations_oldest_wait_seconds"), seconds, value => value > 10],
    ["first token, p95", p95("throng_stage_duration_seconds", {stage: "first_token"}), seconds],
    ["generated tokens", rate("throng_model_tokens_total", {kind: "generated"}), perSecond],
    ["tokens saved", rate("throng_model_tokens_saved_total", {kind: "generated"}), perSecond],
    ["continued by another backend", now("throng_backend_continuations_total"), number],
  ]],
  ["Documents", [
    ["documents", now("throng_documents"), number],
    ["searches running", now("throng_retrievals_running"), number],
    ["searches waiting", now("throng_retrievals_waiting"), number],
    ["open jobs", now("throng_jobs_open"), number],
    ["oldest job", now("throng_jobs_oldest_age_seconds"), seconds, value => value > 600],
  ]],
  ["Machine", [
    ["cores used", rate("process_cpu_seconds_total"), number],
    ["cores", now("throng_cpu_cores"), number],
    ["memory", now("process_resident_memory_bytes"), bytes],
    ["heap", now("jvm_memory_used_bytes", {area: "heap"}), bytes],
    ["collecting garbage", rate("jvm_gc_pause_seconds_sum"), percent, value => value > 0.1],
    ["disk free", disk, percent, value => value < 0.1],
  ]],
];

/** Groups with a line for each value of a label: title, metric, label. */
const STATES = [
  ["Backends", "throng_backend_up", "backend"],
  ["Components", "throng_component_up", "component"],
];

// ---- Drawing ----------------------------------------------------------------------------------------------------

function element(name, text = "", className = "") {
  const created = document.createElement(name);
  created.textContent = text;
  created.className = className;
  return created;
}

function section(title, lines) {
  const list = element("dl");
  for (const {name, text, isBad} of lines) {
    const line = element("div");
    line.append(element("dt", name), element("dd", text, isBad ? "bad" : ""));
    list.append(line);
  }
  const drawn = element("section");
  drawn.append(element("h2", title), list);
  return drawn;
}

function figure([name, value, unit, isBad = () => false]) {
  const known = value();
  return known === undefined || Number.isNaN(known)
    ? {name, text: "–", isBad: false}
    : {name, text: unit(known), isBad: isBad(known)};
}

function draw() {
  const sections = GROUPS.map(([title, figures]) => section(title, figures.map(figure)));
  for (const [title, metric, label] of STATES) {
    const lines = (samples.at(-1).series.get(metric) ?? []).map(({labels, value}) =>
      ({name: labels[label], text: value === 1 ? "in use" : "out of use", isBad: value !== 1}));
    if (lines.length > 0) sections.push(section(title, lines));
  }
  document.getElementById("groups").replaceChildren(...sections);
  document.getElementById("version").textContent = samples.at(-1).series.get("throng_build_info")?.[0].labels.version ?? "";
}

function show(state, isBad) {
  const line = document.getElementById("state");
  if (line.textContent !== state) line.textContent = state; // a screen reader says it once
  line.className = isBad ? "bad" : "";
}

async function poll() {
  try {
    const response = await fetch("/metrics", {signal: AbortSignal.timeout(10 * PERIOD_MILLIS)});
    if (!response.ok) throw new Error(`status ${response.status}`);
    samples.push({at: performance.now(), series: parse(await response.text())});
    while (samples.at(-1).at - samples[0].at > WINDOW_MILLIS) samples.shift();
    draw();
    const isReady = now("throng_ready")() === 1;
    show(isReady ? "ready" : "not ready", !isReady);
  } catch (error) {
    samples.length = 0; // counters may begin again
    show(`no figures: ${error.message}`, true);
  }
  setTimeout(poll, PERIOD_MILLIS);
}

poll();
