// The link's token travels behind #, so that no server logs it; here it moves into the form, and out of the address.
const field = document.querySelector("[data-token]");
const token = location.hash.slice(1);
if (field && token) {
  field.value = token;
  history.replaceState(null, "", location.pathname);
  document.querySelector("#code")?.focus();
}
