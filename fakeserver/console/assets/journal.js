// Calls as they are answered: an event stream, whose lines are put in bunches into the table and into a picture.
import { control } from "./session.js";
import { inWords } from "./violations.js";

const MOST_ROWS = 500;
const IN_PICTURE = 200;
const WIDTH = 800;
const HEIGHT = 90;
const SVG = "http://www.w3.org/2000/svg";
const CONSOLE = "/__docdouble__/console/";

const table = document.getElementById("calls");
const trend = document.getElementById("trend");
const trendRows = document.getElementById("trend-rows");
const form = document.getElementById("journal-filters");
const count = document.getElementById("count");
const pause = document.getElementById("pause");

let calls = [];
let waiting = [];
let isDrawn = true;

const cell = (row, content, kind = "td") => {
  const made = row.appendChild(document.createElement(kind));
  if (content instanceof Node) made.append(content);
  else made.textContent = content;
  return made;
};

const linkTo = (page, query, text) => {
  const link = document.createElement("a");
  link.href = `${CONSOLE}${page}?${new URLSearchParams(query)}`;
  link.textContent = text;
  return link;
};

const spanOf = (name, text) => {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
};

const rowOf = (call) => {
  const row = document.createElement("tr");
  cell(row, linkTo("call", { number: call.number }, call.number), "th").scope = "row";
  cell(row, call.time.slice(11, 23));
  const kind = /^[A-Z]+$/.test(call.method) ? call.method.toLowerCase() : "";
  cell(row, spanOf(`method ${kind}`, call.method));
  cell(row, spanOf("clipped", call.target)).className = "path";
  const status = cell(row, spanOf(`status s${Math.floor(call.status / 100)}`, call.status));
  if (call.note) status.append(" ", spanOf("soft", call.note));
  cell(row, call.milliseconds.toFixed(1)).className = "number";
  cell(row, call.operation ? linkTo("operation", { id: call.operation }, call.operation) : "none");
  const broken = call.violations.map(inWords);
  cell(row, broken.length ? `${broken.length}: ${broken[0]}` : "").className = "error";
  cell(row, call.world);
  cell(row, call.test);
  return row;
};

const isWanted = (call) => {
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const line = [call.method, call.target, call.status, call.operation, call.world, call.test, call.note]
    .join(" ")
    .toLowerCase();
  return (
    words.every((word) => line.includes(word)) &&
    (!form.elements.statuses.value || String(call.status).startsWith(form.elements.statuses.value)) &&
    (!form.elements.violations.checked || call.violations.length > 0)
  );
};

const drawTrend = () => {
  const last = calls.filter(isWanted).slice(-IN_PICTURE);
  const dots = last.map((call, place) => {
    const dot = document.createElementNS(SVG, "circle");
    const height = Math.min(5, Math.max(0, Math.log10(10 * call.milliseconds))) / 5;
    dot.setAttribute("cx", WIDTH - 6 - (last.length - 1 - place) * (WIDTH / IN_PICTURE));
    dot.setAttribute("cy", HEIGHT - 6 - height * (HEIGHT - 12));
    dot.setAttribute("r", 3);
    dot.setAttribute("class", `s${Math.floor(call.status / 100)}`);
    return dot;
  });
  trend.replaceChildren(trend.querySelector("title"), ...dots);
  const rows = [...grouped(last)].sort(([one], [other]) => one - other).map(([status, those]) => {
    const row = document.createElement("tr");
    const times = those.map((call) => call.milliseconds).sort((one, other) => one - other);
    cell(row, status, "th").scope = "row";
    for (const text of [those.length, `${times[times.length >> 1].toFixed(1)} ms`, `${times.at(-1).toFixed(1)} ms`]) cell(row, text);
    return row;
  });
  trendRows.replaceChildren(...rows);
};

const grouped = (those) => {
  const groups = new Map();
  for (const call of those) groups.set(call.status, [...(groups.get(call.status) ?? []), call]);
  return groups;
};

const say = () => {
  const shown = table.rows.length;
  const held = waiting.length && pause.getAttribute("aria-pressed") === "true" ? `, ${waiting.length} new` : "";
  count.textContent = `${shown} of ${calls.length} call${calls.length === 1 ? "" : "s"}${held}`;
};

const show = () => {
  isDrawn = true;
  if (pause.getAttribute("aria-pressed") === "true") return say();
  const added = waiting.filter(isWanted).slice(-MOST_ROWS).reverse();
  calls = calls.concat(waiting).slice(-2 * MOST_ROWS);
  waiting = [];
  table.prepend(...added.map(rowOf));
  while (table.rows.length > MOST_ROWS) table.lastChild.remove();
  drawTrend();
  say();
};

const drawSoon = () => {
  if (!isDrawn) return;
  isDrawn = false;
  setTimeout(show, 250);
};

const drawAnew = () => {
  table.replaceChildren(...calls.filter(isWanted).slice(-MOST_ROWS).reverse().map(rowOf));
  drawTrend();
  say();
};

const events = new EventSource(`/__docdouble__/api/calls/stream?after=${table.dataset.after}`);
events.addEventListener("message", (event) => {
  waiting.push(JSON.parse(event.data));
  drawSoon();
});

form.addEventListener("input", drawAnew);
form.addEventListener("submit", (event) => event.preventDefault());
pause.addEventListener("click", () => {
  const isPaused = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", isPaused);
  drawSoon();
});
document.getElementById("clear").addEventListener("click", async () => {
  await control("DELETE", "calls");
  calls = [];
  waiting = [];
  drawAnew();
});
