// A list is searched where it is shown: each word has to stand in the words of an item.
const searched = (form) => {
  const place = document.getElementById(form.dataset.search);
  const items = [...place.querySelectorAll("[data-words]")];
  const groups = [...place.querySelectorAll(".group")];
  const output = form.querySelector("output");
  const text = form.elements.text;
  const whole = output.textContent;

  const search = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.hidden = !words.every((word) => item.dataset.words.includes(word));
      shown += !item.hidden;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    output.textContent = words.length ? `${shown} of ${items.length}` : whole;
  };

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 60);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      text.focus();
    }
  });
  if (text.value) search();
};

for (const form of document.querySelectorAll("form[data-search]")) searched(form);
