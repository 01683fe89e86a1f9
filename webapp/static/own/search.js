// Search as one types: a form with data-live="ID" has its results in the element ID, data-said="ID" in the one that
// says how many. Without this file its button does the same.
const WAIT = 150; // milliseconds without a key until the server is asked

const form = document.querySelector("form[data-live]");
if (form) {
  const said = document.getElementById(form.dataset.said);
  let timer;
  let asked; // the request under way; an older answer must not replace a newer one
  let shown = address().search;

  function address() {
    const wanted = new URL(form.action);
    wanted.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
    return wanted;
  }

  async function show() {
    const wanted = address();
    if (wanted.search === shown) return;
    asked?.abort();
    asked = new AbortController();
    const part = new URL(wanted);
    part.searchParams.set("teil", "liste");
    let answer, text;
    try {
      answer = await fetch(part, { signal: asked.signal });
      text = await answer.text();
    } catch {
      return; // aborted, or no connection: the button still works
    }
    const found = document.createElement("template");
    found.innerHTML = text;
    const region = found.content.firstElementChild;
    if (!answer.ok || answer.redirected || region?.id !== form.dataset.live) {
      form.submit(); // signed out, for example: the whole page says what is the matter
      return;
    }
    shown = wanted.search;
    document.getElementById(form.dataset.live).replaceWith(region);
    if (said && said.textContent !== region.dataset.said) said.textContent = region.dataset.said;
    history.replaceState(null, "", wanted);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("pageshow", show); // the browser may have put back what was typed before
}
