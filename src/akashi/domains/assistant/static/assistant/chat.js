// The customer's chat without reloading: the same form, the same page, only its middle is exchanged.
import { announce, element } from "../kit/live.js";

const SELECTOR = "[data-chat]";

function showWaiting(chat, text) {
  const list = chat.querySelector("[data-conversation]");
  const said = element("p", { class: "said" }, text);
  list.append(element("li", { class: "bubble customer" }, element("div", { class: "bubble-body" }, said)));
  const waiting = element("p", { class: "hint", role: "status" }, chat.dataset.waiting);
  list.append(element("li", { class: "bubble system" }, element("div", { class: "bubble-body" }, waiting)));
  list.lastElementChild.scrollIntoView({ block: "nearest" });
}

async function send(form, submitter) {
  const chat = form.closest(SELECTOR);
  const data = new FormData(form, submitter);
  if (form.matches("[data-ask]")) showWaiting(chat, String(data.get("question") ?? ""));
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
    exchange(await answer.text());
  } catch {
    announce(chat.dataset.failed);
    for (const waiting of chat.querySelectorAll(".bubble.system .hint")) waiting.textContent = chat.dataset.failed;
    delete form.dataset.sent;
  }
}

function exchange(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(SELECTOR);
  if (!fresh) {
    window.location.assign("/");
    return;
  }
  const old = document.querySelector(SELECTOR);
  old.replaceWith(document.importNode(fresh, true));
  const bubbles = document.querySelectorAll(`${SELECTOR} .bubble`);
  const last = bubbles[bubbles.length - 1];
  last?.scrollIntoView({ block: "nearest" });
  announce(last?.innerText ?? "");
  document.querySelector("#question")?.focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest(SELECTOR) || form.method !== "post") return;
  event.preventDefault();
  send(form, event.submitter);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("[data-ask]");
  if (!form) return;
  event.preventDefault();
  if (form.reportValidity()) form.requestSubmit();
});
