// What every page loads. Everything here is an addition: without it all pages work.
import { addCloseButtons, focusSummary } from "./flash.js";
import { openInDialog } from "./confirm.js";
import { walkRows } from "./table.js";

function foldMenus() {
  const folds = [...document.querySelectorAll("details[data-fold]")];
  document.addEventListener("click", (event) => {
    for (const fold of folds) if (fold.open && !fold.contains(event.target)) fold.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const fold of folds) {
      if (!fold.open) continue;
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });
}

// A form is sent once: a second press within four seconds does nothing (a download leaves the page open).
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

addCloseButtons();
focusSummary();
foldMenus();
sendOnce();
openInDialog();
walkRows();
