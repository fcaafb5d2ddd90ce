// Signed out while writing: the sign-in form opens over the intact page, then the request repeats.
import { $, $$, root, say, word } from "./dom.js";

const dialog = $("#relogin");
const session = async () => {
  const answer = await fetch(dialog.dataset.session);
  return answer.ok ? answer.json() : null;
};

/** Show the form that `page` carries. A second factor is a form like any other, shown next. */
const show = (page, address, onDone) => {
  const form = $$("form[method=post]", new DOMParser().parseFromString(page, "text/html")).find((each) => $("[type=password], [name=code]", each));
  if (!form) location.reload();
  else $("#relogin-form").replaceChildren(document.adoptNode(form));
  $("input:not([type=hidden])", form)?.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(new URL(form.getAttribute("action") || "", address), { method: "POST", body: new FormData(form) });
    const state = await session();
    if (state) onDone(state);
    else show(await answer.text(), answer.url, onDone);
  });
};

const waiting = []; // everything that was refused meanwhile goes on
let isAsking = false;
dialog.addEventListener("close", () => { // left without signing in: whoever asks again begins again
  isAsking = false;
  waiting.length = 0;
  $("#relogin-form").replaceChildren();
});

export const signIn = async (repeat) => {
  waiting.push(repeat);
  if (isAsking) return;
  isAsking = true;
  const finish = (state) => {
    const repeats = waiting.splice(0);
    isAsking = false;
    dialog.close();
    for (const input of $$("[name=csrfmiddlewaretoken]")) input.value = state.csrf;
    if (!root.dataset.user || String(state.user) === root.dataset.user) for (const each of repeats) each();
    else say(word("other"));
  };
  const state = await session().catch(() => null); // signed in again in another tab
  if (state) {
    finish(state);
    return;
  }
  dialog.showModal();
  try {
    const page = await fetch(dialog.dataset.login);
    show(await page.text(), page.url, finish);
  } catch {
    dialog.close();
    say(word("failed"));
  }
};
