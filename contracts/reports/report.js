"use strict";
(() => {
  const form = document.getElementById("filters");
  const findings = [...document.querySelectorAll(".finding")];
  const pages = [...document.querySelectorAll(".page")];
  const texts = new Map();

  const textOf = (finding) => {
    if (!texts.has(finding)) {
      const page = finding.closest(".page").querySelector("h3").textContent;
      texts.set(finding, `${page} ${finding.textContent}`.toLowerCase());
    }
    return texts.get(finding);
  };

  const filter = () => {
    const data = new FormData(form);
    const severities = new Set(data.getAll("severity"));
    const hidesKnown = form.querySelector("[name=known]") && !data.has("known");
    const check = data.get("check");
    const words = data.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const finding of findings) {
      const fits = severities.has(finding.dataset.severity)
        && (!check || finding.dataset.check === check)
        && !(hidesKnown && "known" in finding.dataset)
        && (!words.length || words.every((word) => textOf(finding).includes(word)));
      finding.hidden = !fits;
      shown += fits;
    }
    for (const page of pages) page.hidden = !page.querySelector(".finding:not([hidden])");
    form.querySelector("output").textContent = `${shown} of ${findings.length} shown`;
  };

  if (form) {
    let waiting;
    form.hidden = false;
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 100); });
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();
  }

  const copy = async (code, button) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  const addButtons = (place) => {
    for (const command of place.querySelectorAll(".command:not(:has(button))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", () => copy(command.querySelector("code"), button));
      command.append(button);
    }
  };
  document.addEventListener("toggle", (event) => { if (event.target.open) addButtons(event.target); }, true);
  for (const one of document.querySelectorAll("details[open]")) addButtons(one);
  const left = document.getElementById("left");
  if (left) addButtons(left);

  const open = () => {
    const aim = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (aim && "open" in aim) { aim.open = true; aim.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
})();
