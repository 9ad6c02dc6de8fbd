// A form that makes a request, sends it, and shows the reply; nothing of either is ever read as HTML.
import { asCurl, asFetch, asPython } from "./snippets.js";
import { placeOf } from "./violations.js";

const MOST_SHOWN = 200_000;
const NEVER_SENT = /^(?:accept-(?:charset|encoding)|access-control-.*|connection|content-length|cookie|date|dnt|expect|host|keep-alive|origin|referer|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

const place = document.getElementById("try");
const form = document.getElementById("trial");
const shown = document.getElementById("reply");
const mediaType = document.getElementById("media-type");
const text = document.getElementById("body");
const file = document.getElementById("file");
const extra = document.getElementById("headers");

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== ""));
  return made;
};

const fields = (location) =>
  [...form.querySelectorAll("[data-in]")].filter((field) => field.dataset.in === location && field.value !== "");

const target = () => {
  let path = place.dataset.path;
  for (const field of fields("path")) {
    const value = "whole" in field.dataset ? field.value : encodeURIComponent(field.value);
    path = path.replace(`{${field.dataset.name}}`, () => value);
  }
  const pairs = [...fields("query"), ...fields("querystring")].map((field) =>
    "whole" in field.dataset
      ? field.value
      : `${encodeURIComponent(field.dataset.name)}=${encodeURIComponent(field.value)}`
  );
  return pairs.length ? `${path}?${pairs.join("&")}` : path;
};

/** Return the request that the form describes: url, method, headers as pairs, and the body. */
const request = () => {
  const headers = fields("header").map((field) => [field.dataset.name, field.value]);
  const cookies = fields("cookie").map((field) => `${field.dataset.name}=${field.value}`);
  if (cookies.length) headers.push(["Cookie", cookies.join("; ")]);
  for (const line of extra.value.split("\n")) {
    const [name, ...value] = line.split(":");
    if (name.trim() && value.length) headers.push([name.trim(), value.join(":").trim()]);
  }
  let body;
  if (mediaType?.value) {
    const isFile = "binary" in mediaType.selectedOptions[0].dataset;
    body = isFile ? file.files[0] : text.value;
    if (!headers.some(([name]) => name.toLowerCase() === "content-type")) headers.push(["Content-Type", mediaType.value]);
  }
  return { url: location.origin + target(), method: place.dataset.method, headers, body };
};

const pretty = (body, type) => {
  if (!/[/+]json\b/.test(type)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

const violationsOf = (headers, body) => {
  const listed = [];
  try {
    const header = headers.get("Docdouble-Violations");
    if (header) listed.push(...[JSON.parse(header)].flat());
  } catch {
    listed.push(headers.get("Docdouble-Violations"));
  }
  try {
    const found = JSON.parse(body)?.violations;
    if (Array.isArray(found)) listed.push(...found);
  } catch {
    // no JSON, so no problem document
  }
  return listed;
};

const violation = (one) => {
  if (typeof one !== "object" || one === null) return element("li", {}, String(one));
  const source = one.documentation ? element("span", { class: "soft" }, ` ${one.documentation}`) : "";
  return element("li", {}, element("code", {}, placeOf(one)), ` ${one.message ?? one.detail ?? JSON.stringify(one)}`, source);
};

const show = (reply, body, milliseconds) => {
  const type = reply.headers.get("Content-Type") ?? "";
  const size = body.size;
  const isText = /^text\/|[/+](?:json|xml)\b|javascript|x-www-form-urlencoded|yaml/.test(type);
  return Promise.resolve(isText || !type ? body.text() : "").then((content) => {
    const status = element("span", { class: `status s${String(reply.status)[0]}` }, String(reply.status));
    const parts = [
      element("h3", {}, status, ` ${reply.statusText} `, element("span", { class: "soft" }, `${milliseconds.toFixed(0)} ms, ${size} bytes`)),
    ];
    const violations = violationsOf(reply.headers, content);
    if (violations.length) {
      parts.push(element("h4", { class: "error" }, "Violations"), element("ul", { class: "violations" }, ...violations.map(violation)));
    }
    const whole = pretty(content.slice(0, MOST_SHOWN), type);
    if (whole) parts.push(element("pre", { tabindex: "0", class: "body" }, whole));
    if (content.length > MOST_SHOWN) parts.push(element("p", { class: "soft" }, `The first ${MOST_SHOWN} letters are shown.`));
    if (size && !whole) parts.push(element("p", { class: "soft" }, `${size} bytes of ${type}`));
    const rows = [...reply.headers].map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)));
    const table = element("table", {}, element("caption", {}, "Header fields"), element("tbody", {}, ...rows));
    parts.push(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Header fields" }, table));
    shown.replaceChildren(...parts);
  });
};

const explain = (words) => shown.replaceChildren(element("p", { class: "warning" }, words));

const send = async () => {
  const { url, method, headers, body } = request();
  shown.hidden = false;
  if (/^(?:TRACE|CONNECT)$/.test(method)) return explain(`Browsers send no ${method}: copy it as curl.`);
  if (/^(?:GET|HEAD)$/.test(method) && body) return explain(`Browsers send no body with ${method}: copy it as curl.`);
  const kept = headers.filter(([name]) => !NEVER_SENT.test(name));
  shown.replaceChildren(element("p", { class: "soft" }, "Waiting for the reply…"));
  const began = performance.now();
  try {
    // without credentials, since a 401 would else have the browser ask for a password before it is shown
    const options = { credentials: "omit", redirect: "manual", cache: "no-store" };
    const reply = await fetch(url, { method, headers: kept, body, ...options });
    const content = await reply.blob();
    if (reply.type === "opaqueredirect") return explain("The reply is a redirect, which browsers don't show: copy it as curl.");
    await show(reply, content, performance.now() - began);
  } catch (error) {
    explain(`No reply: ${error.message}`);
  }
  return shown.focus({ preventScroll: true });
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button.primary");
  button.disabled = true;
  await send();
  button.disabled = false;
});

if (mediaType) {
  const choose = () => {
    const option = mediaType.selectedOptions[0];
    file.hidden = !("binary" in option.dataset);
    text.hidden = !file.hidden || !option.value;
  };
  mediaType.addEventListener("change", () => {
    text.value = mediaType.selectedOptions[0].dataset.text ?? "";
    choose();
  });
  choose();
}

const PREFER = /^prefer:.*$/im;

const preferred = () => PREFER.exec(extra.value)?.[0].replace(/^prefer:\s*/i, "") ?? "";

const mark = () => {
  for (const one of form.querySelectorAll("[data-prefer]")) {
    one.setAttribute("aria-pressed", String(one.dataset.prefer === preferred()));
  }
};

form.addEventListener("click", async (event) => {
  const { prefer, copy } = event.target.dataset;
  if (prefer) {
    const others = extra.value.split("\n").filter((line) => line.trim() && !PREFER.test(line));
    const wanted = prefer === preferred() ? [] : [`Prefer: ${prefer}`];
    extra.value = [...others, ...wanted].join("\n");
    mark();
  }
  if (copy) {
    const written = { curl: asCurl, fetch: asFetch, python: asPython }[copy](request());
    const copied = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(written);
      copied.textContent = "Copied";
    } catch {
      shown.hidden = false;
      shown.replaceChildren(element("pre", { tabindex: "0" }, written));
      getSelection().selectAllChildren(shown);
      copied.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (copied.textContent = ""), 3000);
  }
});
extra.addEventListener("input", mark);
