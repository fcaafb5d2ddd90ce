// When an answer is not the expected one: sign in again over the intact page, try again, or say what happened.
import { $, $$, on, say, root, token, word } from "./dom.js";

const busy = $("#busy");
on("htmx:beforeRequest", ({ detail }) => detail.requestConfig.verb === "get" && detail.elt.matches("[data-live], [data-poll]") || busy?.classList.add("on"));
on("htmx:afterRequest", () => busy?.classList.remove("on"));

const again = (element, config) => {
  if (!element.isConnected) return;
  if (element.matches("form")) element.requestSubmit(config.triggeringEvent?.submitter ?? undefined);
  else window.htmx.trigger(element, config.triggeringEvent?.type ?? "click");
};

const later = (element, config) => {
  const place = $("[data-draft-note]", element);
  if (place) place.textContent = word("offline");
  else say(word("offline"));
  setTimeout(again, 5000, element, config);
};

const session = async () => {
  const answer = await fetch($("#relogin").dataset.session, { headers: { "HX-Request": "true" } });
  return answer.ok && !answer.redirected ? answer.json() : null;
};

const refresh = (state) => {
  for (const input of $$("[name=csrfmiddlewaretoken]")) input.value = state.csrf;
  return !root.dataset.user || String(state.user) === root.dataset.user;
};

/** Show the sign-in form that `page` carries inside the dialog; second factor included, as it is a form like any other. */
const show = (page, address, onDone) => {
  const holder = $("#relogin-form");
  const form = $$("form[method=post]", new DOMParser().parseFromString(page, "text/html")).find((each) => $("[type=password], [name=code]", each));
  if (!form) {
    location.reload();
    return;
  }
  holder.replaceChildren(document.adoptNode(form));
  $("[name=next]", form)?.remove();
  $("input:not([type=hidden])", form)?.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(new URL(form.getAttribute("action") || "", address), { method: "POST", body: new FormData(form, event.submitter) });
    const state = await session();
    if (state) onDone(state);
    else show(await answer.text(), answer.url, onDone);
  });
};

const signIn = async (repeat) => {
  const dialog = $("#relogin");
  if (!dialog?.dataset.session) return;
  const finish = (state) => {
    if (dialog.open) dialog.close();
    if (refresh(state)) repeat();
    else say(word("other"));
  };
  const state = await session();
  if (state) {
    finish(state);
    return;
  }
  if (dialog.open) return;
  dialog.showModal();
  const page = await fetch(dialog.dataset.login);
  show(await page.text(), page.url, finish);
};

on("htmx:responseError", ({ detail: { xhr, elt, requestConfig } }) => {
  if (elt.matches("[data-live], [data-poll]") && xhr.status >= 500) return;
  const isCsrf = xhr.status === 403 && xhr.getResponseHeader("X-Spindel-Reason") === "csrf";
  if (xhr.status === 401 || xhr.status === 419 || isCsrf) signIn(() => again(elt, requestConfig));
  else if (xhr.status >= 500 && requestConfig.verb !== "get") later(elt, requestConfig);
  else say($("[data-reason]", new DOMParser().parseFromString(xhr.response, "text/html"))?.textContent ?? word(xhr.status === 403 ? "forbidden" : "failed"));
});
for (const type of ["htmx:sendError", "htmx:timeout"]) {
  on(type, ({ detail: { elt, requestConfig } }) => requestConfig.verb !== "get" && later(elt, requestConfig));
}
on("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = token();
});
on("htmx:afterSwap", ({ detail }) => $("[data-problem]", detail.target?.parentElement ?? document)?.focus());
