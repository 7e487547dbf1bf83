// The operator's console, live: the queue and the case follow the server; what is being typed is never touched.
import { announce, element, listen } from "../kit/live.js";

const KEEP_MS = 60_000;
const PARTS = ["[data-desk-talk]", "[data-desk-draft]", "[data-desk-pairs]"];

async function fetchPage(path, options = {}) {
  const answer = await fetch(path, { headers: { Accept: "text/html" }, ...options });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function exchange(fresh, selector) {
  const found = fresh.querySelector(selector);
  const old = document.querySelector(selector);
  if (found && old) old.replaceWith(document.importNode(found, true));
}

function followQueue(queue) {
  listen(queue.dataset.events, {
    changed: async () => {
      exchange(await fetchPage(window.location.href), "[data-queue]");
      announce(queue.dataset.changed);
    },
  });
}

function isUntouched() {
  return [...document.querySelectorAll("[data-desk] textarea")].every((box) => box.value === box.defaultValue)
    && document.querySelector("#look")?.value === document.querySelector("#look")?.defaultValue;
}

function say(desk, text, tone) {
  desk.parentElement.querySelector("[data-told]")?.remove();
  const told = element("div", { class: `flash ${tone}`, role: "status", "data-told": true }, element("p", {}, text));
  desk.before(told);
}

async function refreshCase(desk) {
  const here = window.location.pathname === desk.dataset.page ? window.location.href : desk.dataset.page;
  const fresh = await fetchPage(here);
  if (!fresh.querySelector("[data-desk]")) {
    say(desk, desk.dataset.lost, "alert");
    for (const button of document.querySelectorAll("[data-reply] button")) button.disabled = true;
    return;
  }
  const parts = isUntouched() ? PARTS : PARTS.slice(0, 1);
  for (const part of parts) exchange(fresh, part);
  const last = showLatest();
  if (last?.matches(".customer")) {
    announce(`${desk.dataset.new} ${last.innerText}`);
    if (parts.length === 1) say(desk, desk.dataset.new, "info");
  }
}

// Where the columns scroll by themselves, the customer's last words are in sight; the page itself stays where it is.
function showLatest() {
  const talk = document.querySelector("[data-desk-talk]");
  const last = talk.querySelector("[data-conversation] > li:last-child");
  if (talk.scrollHeight > talk.clientHeight) talk.scrollTop = talk.scrollHeight;
  else last?.scrollIntoView({ block: "nearest" });
  return last;
}

function followCase(desk) {
  const talk = document.querySelector("[data-desk-talk]");
  if (talk.scrollHeight > talk.clientHeight) talk.scrollTop = talk.scrollHeight;
  if (window.location.hash === "#latest" && getComputedStyle(talk).overflowY === "auto") {
    // The browser goes to the last words once more when the page is complete; the columns show them already.
    const stay = () => requestAnimationFrame(() => desk.scrollIntoView({ block: "start" }));
    if (document.readyState === "complete") stay();
    else window.addEventListener("load", stay, { once: true });
  }
  listen(desk.dataset.events, { changed: () => refreshCase(desk) }, (state) => {
    if (state === "closed") say(desk, desk.dataset.offline, "notice");
  });
  let kept = Date.now();
  desk.addEventListener("input", (event) => {
    if (event.target.matches("[data-reply] textarea")) showRows(event.target);
    if (Date.now() - kept < KEEP_MS) return;
    kept = Date.now();
    fetch(desk.dataset.keep, { method: "POST", headers: { Accept: "text/html" } });
  });
  desk.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-unmask]")) return;
    event.preventDefault();
    unmask(desk, event.target);
  });
  desk.addEventListener("click", (event) => {
    const link = event.target.closest("[data-use]");
    if (!link) return;
    event.preventDefault();
    useAnswer(link);
  });
}

// What is masked in one message is shown in its place; a reply begun stays as it is.
async function unmask(desk, form) {
  const body = new URLSearchParams(new FormData(form));
  const fresh = await fetchPage(form.action, { method: "POST", body });
  if (fresh.querySelector("[data-desk]")) exchange(fresh, PARTS[0]);
  else say(desk, fresh.querySelector("main")?.innerText ?? desk.dataset.lost, "alert");
}

function useAnswer(link) {
  const form = document.querySelector("[data-reply]");
  for (const old of form.querySelectorAll("[name=reference]")) old.remove();
  form.prepend(element("input", { type: "hidden", name: "reference", value: link.dataset.use }));
  form.elements.origin.value = "pair";
  const box = form.elements.text;
  box.value = link.dataset.text;
  showRows(box);
  box.focus();
}

// A row of a table is shown under the names of its columns only while its line stands in the reply as it is.
function showRows(box) {
  const shown = box.form.querySelector("[data-rows]");
  if (!shown) return;
  const lines = box.value.split("\n");
  const rows = [...shown.querySelectorAll("[data-row]")];
  for (const row of rows) row.hidden = !lines.includes(row.dataset.row);
  shown.hidden = rows.every((row) => row.hidden);
}

// A link into a closed fold opens it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  const fold = link && document.querySelector(link.getAttribute("href"))?.closest("details");
  if (fold) fold.open = true;
});

const queue = document.querySelector("[data-queue]");
if (queue) followQueue(queue);
const desk = document.querySelector("[data-desk]");
if (desk) followCase(desk);
