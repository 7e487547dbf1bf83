// The customer's page follows the server: an operator's words appear without reloading, a question begun stays.
import { announce, listen } from "../kit/live.js";

const PARTS = ["[data-conversation]", "[data-desk-state]"];

async function refresh() {
  const answer = await fetch("/", { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = document.querySelectorAll("[data-conversation] > li").length;
  for (const part of PARTS) {
    const found = fresh.querySelector(part);
    const old = document.querySelector(part);
    if (found && old) old.replaceWith(document.importNode(found, true));
  }
  const bubbles = document.querySelectorAll("[data-conversation] > li");
  if (bubbles.length === before) return;
  const last = bubbles[bubbles.length - 1];
  last.scrollIntoView({ block: "nearest" });
  announce(last.innerText);
}

let stop = null;
let followed = "";

// The middle of the page may be exchanged by an answer: follow whatever state it now shows.
function follow() {
  const path = document.querySelector("[data-events]")?.dataset.events ?? "";
  if (path === followed) return;
  stop?.();
  followed = path;
  stop = path ? listen(path, { changed: refresh }) : null;
}

follow();
new MutationObserver(follow).observe(document.querySelector("main"), { childList: true, subtree: true });
