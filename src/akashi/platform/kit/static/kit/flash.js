// Flash messages can be put away; the error summary takes the focus so that it is read first.
export function addCloseButtons() {
  for (const flash of document.querySelectorAll("[data-flash]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "flash-close";
    button.setAttribute("aria-label", flash.dataset.close);
    button.textContent = "×";
    button.addEventListener("click", () => flash.remove());
    flash.append(button);
  }
}

export function focusSummary() {
  document.querySelector("[data-focus]")?.focus();
}
