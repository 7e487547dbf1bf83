// The two passkey ceremonies. The page works as text without this module; a passkey itself cannot.

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

class Refused extends Error {}

async function post(path, content) {
  const response = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(content),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Refused([answer.message, answer.next_step].filter(Boolean).join(" "));
}

function describe(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[name];
    if (value) response[name] = toText(value);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

async function signIn(box) {
  const { publicKey } = await post("/api/identity/sign-in/options", {});
  publicKey.challenge = toBytes(publicKey.challenge);
  const credential = await navigator.credentials.get({ publicKey });
  const { next } = await post("/api/identity/sign-in", { credential: describe(credential), next: box.dataset.next });
  location.assign(next);
}

async function enrol(box, token) {
  if (!token) throw new Refused(box.dataset.missing);
  const { publicKey } = await post("/api/identity/enrolment/options", { token });
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user.id = toBytes(publicKey.user.id);
  publicKey.excludeCredentials = publicKey.excludeCredentials.map((known) => ({ ...known, id: toBytes(known.id) }));
  const credential = await navigator.credentials.create({ publicKey });
  const { code } = await post("/api/identity/enrolment", { token, credential: describe(credential) });
  box.querySelector("[data-code]").textContent = code;
  box.querySelector("[data-before]").hidden = true;
  const after = box.querySelector("[data-after]");
  after.hidden = false;
  after.focus();
}

function explain(box, error) {
  if (error instanceof Refused) return error.message;
  return error instanceof DOMException ? box.dataset.cancelled : box.dataset.offline;
}

function show(box, status, error = "") {
  box.querySelector("[data-status]").textContent = status;
  const place = box.querySelector("[data-error]");
  place.textContent = error;
  place.hidden = !error;
}

function prepare(box) {
  const token = box.dataset.passkey === "enrol" ? location.hash.slice(1) : "";
  // The token leaves the address bar and the history as soon as it has been read.
  if (token) history.replaceState(null, "", location.pathname);
  const button = box.querySelector("[data-start]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    show(box, "", box.dataset.unsupported);
    return;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    show(box, box.dataset.waiting);
    try {
      await (box.dataset.passkey === "enrol" ? enrol(box, token) : signIn(box));
      show(box, "");
    } catch (error) {
      show(box, "", explain(box, error));
    } finally {
      button.disabled = false;
    }
  });
}

document.querySelectorAll("[data-passkey]").forEach(prepare);
