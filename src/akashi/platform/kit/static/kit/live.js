// Fetch, server-sent events and safe elements for pages that are live: the chat, the console, what-ifs.

// Returns the JSON answer; throws an Error whose message may be shown when the server explains itself.
export async function postJson(path, body) {
  return readAnswer(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  }));
}

export async function getJson(path) {
  return readAnswer(await fetch(path, { headers: { Accept: "application/json" } }));
}

export async function postForm(form, submitter) {
  const data = new FormData(form, submitter);
  return readAnswer(await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: data }));
}

async function readAnswer(answer) {
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const body = isJson ? await answer.json() : null;
  if (answer.ok) return body;
  const error = new Error(body?.message ?? "");
  error.status = answer.status;
  error.nextStep = body?.next_step ?? "";
  throw error;
}

// handlers: { eventName: (data) => … }; `onState` hears "open", "waiting" and "closed". Returns a function that stops.
export function listen(path, handlers, onState = () => {}) {
  const source = new EventSource(path);
  source.addEventListener("open", () => onState("open"));
  source.addEventListener("error", () => onState(source.readyState === EventSource.CLOSED ? "closed" : "waiting"));
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  return () => source.close();
}

// element("p", { class: "hint" }, "text", child): text is always text, never markup; no event attributes.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (/^on/i.test(key) || key === "style") throw new Error(`attribute ${key} is not allowed`);
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

let speaker;

// Says something to screen readers without moving the focus.
export function announce(text) {
  speaker ??= document.body.appendChild(element("div", { class: "hidden", role: "status", "aria-live": "polite" }));
  speaker.textContent = "";
  window.setTimeout(() => { speaker.textContent = text; }, 50);
}
