// Cells of tables of four columns and more know their heads, which manual.css shows on a phone.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.docutils")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    if (heads.length < 4) continue;
    table.classList.add("wide");
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, index) => {
        if (!cell.textContent.trim()) cell.replaceChildren();
        else if (heads[index]) cell.dataset.head = heads[index];
      });
  }
});

// The search passes numbers over; statuses are in the index all the same (conf.py).
document.addEventListener("DOMContentLoaded", () => {
  if (typeof Search === "undefined") return;
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const parsed = parse(query);
    for (const status of query.match(/\b[1-5]\d\d\b/g) ?? []) parsed[1].add(status);
    return parsed;
  };
});
