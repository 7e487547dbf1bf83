// A link to a confirm page opens its form in a dialog. If anything is unexpected, the link is followed as usual.
async function showConfirm(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("form[data-confirm-form]");
  const title = page.querySelector("main h1");
  if (!form || !title) return false;
  const dialog = document.createElement("dialog");
  const heading = document.createElement("h2");
  heading.id = "dialog-title";
  heading.textContent = title.textContent;
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(heading, document.adoptNode(form));
  dialog.addEventListener("click", (event) => {
    const cancel = event.target === dialog || event.target.closest("a.secondary");
    if (!cancel) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return true;
}

export function openInDialog() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const follow = () => window.location.assign(link.href);
    showConfirm(link).then((shown) => shown || follow(), follow);
  });
}
