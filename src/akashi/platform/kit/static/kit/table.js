// Arrow keys walk the row links of a table; a click on a row opens its link.
export function walkRows() {
  for (const table of document.querySelectorAll("table[data-table]")) {
    table.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !event.target.matches("a[data-row-link]")) return;
      const links = [...table.querySelectorAll("a[data-row-link]")];
      const next = links[links.indexOf(event.target) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    table.addEventListener("click", (event) => {
      if (event.target.closest("a, button, summary, input, label, select") || String(window.getSelection())) return;
      event.target.closest("tr")?.querySelector("a[data-row-link]")?.click();
    });
  }
}
