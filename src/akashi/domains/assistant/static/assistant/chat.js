// The customer's chat without reloading: the same form, the same page, only its middle is exchanged.
// Where AI writes, sentences appear as soon as each has been checked; the page from the server then replaces them.
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

// One after the other: a second question sent before the first was answered belongs to the same conversation.
let before = Promise.resolve();
let waiting = 0;

function queue(work) {
  waiting += 1;
  before = before.then(work).finally(() => { waiting -= 1; });
}

async function send(form, data) {
  const chat = document.querySelector(SELECTOR);
  if (form.matches("[data-ask]")) showWaiting(chat, String(data.get("question") ?? ""));
  try {
    const accept = form.matches("[data-ask]") ? "text/event-stream, text/html" : "text/html";
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: accept } });
    const isStream = (answer.headers.get("Content-Type") ?? "").startsWith("text/event-stream");
    exchange(isStream ? await followStream(chat, answer.body) : await answer.text());
  } catch {
    announce(chat.dataset.failed);
    for (const waiting of chat.querySelectorAll(".bubble.system .hint")) waiting.textContent = chat.dataset.failed;
    delete form.dataset.sent;
  }
}

// Shows the sentences of a stream and returns the page as the server then has it.
async function followStream(chat, body) {
  const bubble = startBubble(chat);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) showSentence(bubble, event);
  }
  return (await fetch("/", { headers: { Accept: "text/html" } })).text();
}

function startBubble(chat) {
  const list = chat.querySelector("[data-conversation]");
  const name = element("span", { class: "bubble-name" }, chat.dataset.generated);
  const body = element("div", { class: "bubble-body", "data-writing": true });
  body.append(element("p", { class: "hint" }, chat.dataset.writing));
  list.lastElementChild.replaceWith(
    element("li", { class: "bubble automatic" }, element("p", { class: "bubble-head" }, name), body),
  );
  return body;
}

function showSentence(body, event) {
  const lines = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s)));
  if (lines.event !== "sentence") return;
  const { text, cited } = JSON.parse(lines.data);
  const marks = cited.map((number) => `[${number}]`).join(" ");
  body.lastElementChild.before(element("p", {}, `${text} ${marks}`));
  body.scrollIntoView({ block: "nearest" });
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
  if (form.method !== "post") return;
  if (form.closest(SELECTOR)) {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    queue(() => send(form, data));
  } else if (waiting && form.getAttribute("action") === "/person") {
    event.preventDefault();
    queue(() => form.submit());
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("[data-ask]");
  if (!form) return;
  event.preventDefault();
  if (form.reportValidity()) form.requestSubmit();
});
