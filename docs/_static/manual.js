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
