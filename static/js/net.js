// Nothing typed is lost (UX G9): in this tab at once, on the server after 800 ms of rest.
import { $, $$, clock, make, now, note, on, post, say, token, word } from "./dom.js";

const timers = new Map(); // field → its save to come
const TEXT = "textarea, input:not([type=hidden], [type=password], [type=radio], [type=checkbox], [type=file])";
// on a form: all its text fields, in this tab alone
const mirror = (field) => {
  const form = field.matches(TEXT) && field.name && field.form?.dataset.draft;
  return field.dataset.draft || form ? `draft:${field.dataset.draft ?? `${form}.${field.name}`}` : "";
};
const kept = (form) => [...form.elements].filter((field) => mirror(field));
const forget = (prefix) => {
  for (const key of Object.keys(sessionStorage)) if (key === prefix || key.startsWith(`${prefix}.`)) sessionStorage.removeItem(key);
};
const typed = ({ value: text, dataset }) => ("saw" in dataset ? { text, saw: dataset.saw } : { text });
const url = (field) => field.dataset.draftUrl || `/drafts/${encodeURIComponent(field.dataset.draft)}/`;
const schedule = (field, delay) => {
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(save, delay, field));
};

const save = async (field) => {
  const { value } = field;
  try {
    const answer = await post(url(field), typed(field));
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    if (field.value === value) timers.delete(field);
    note(field.form, `${word("saved")} ${clock()}`);
  } catch {
    note(field.form, word("offline"));
    schedule(field, 5000);
  }
};

on("input", ({ target }) => {
  const key = target.matches?.(TEXT) && mirror(target);
  if (!key) return;
  sessionStorage.setItem(key, JSON.stringify({ ...typed(target), at: now() }));
  if (target.dataset.draft) schedule(target, 800);
});

const restore = (field) => {
  if (field.dataset.restored) return;
  field.dataset.restored = "1";
  const own = JSON.parse(sessionStorage.getItem(mirror(field)) || "null");
  if (!own?.text || own.text === field.value) return;
  if (field.value && own.at < Number(field.dataset.draftAt || 0)) return;
  field.value = own.text;
  if ("saw" in own) field.dataset.saw = field.form.elements.saw.value = own.saw;
  note(field.form, word("restored"));
  if (!field.dataset.draft) return;
  field.dispatchEvent(new Event("input", { bubbles: true })); // saved, searched again
};
export const restoreAll = () => {
  for (const spent of $$("[data-done]")) forget(`draft:${spent.dataset.done}`);
  [...document.forms].flatMap(kept).forEach(restore);
};
const rest = (form) => $$("[data-draft]", form).forEach((field) => clearTimeout(timers.get(field)) ?? timers.delete(field));
export const giveUp = (form, key) => {
  rest(form);
  forget(`draft:${key}`);
};
on("submit", ({ target }) => rest(target))
addEventListener("pagehide", () => {
  for (const field of timers.keys()) {
    navigator.sendBeacon(url(field), new URLSearchParams({ ...typed(field), csrfmiddlewaretoken: token() }));
  }
});

const busy = $("#busy");
on("htmx:beforeRequest", ({ detail }) => busy?.classList.toggle("on", !detail.elt.matches("[data-live], [data-poll]")));
on("htmx:afterRequest", ({ detail: { elt, xhr, requestConfig } }) => {
  busy?.classList.remove("on");
  if (!xhr.status || xhr.status >= 400 || requestConfig.verb === "get" || !elt.matches("form")) return;
  for (const field of kept(elt)) forget(mirror(field));
});

const again = (element, config) => {
  if (!element.isConnected) return;
  if (element.matches("form")) element.requestSubmit(config.triggeringEvent?.submitter);
  else window.htmx.trigger(element, config.triggeringEvent?.type ?? "click");
};
const later = ({ elt, requestConfig }) => {
  if (requestConfig.verb === "get") return;
  if (!note(elt, word("offline"))) say(word("offline"));
  setTimeout(again, 5000, elt, requestConfig);
};

on("htmx:responseError", async ({ detail }) => {
  const { xhr, elt, requestConfig } = detail;
  if (elt.matches("[data-live], [data-poll]") && xhr.status >= 500) return;
  if (xhr.status === 401 || xhr.getResponseHeader("X-Spindel-Reason") === "csrf") {
    const { signIn } = await import("./relogin.js");
    signIn(() => again(elt, requestConfig));
  } else if (xhr.status >= 500 && requestConfig.verb !== "get") later(detail);
  else (await import("./answers.js")).tell(xhr);
});
// Refused by a rule: the reason stands before the form, which stays as typed.
on("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.getResponseHeader("X-Spindel-Reason") !== "refused") return;
  detail.shouldSwap = false;
  const form = detail.elt.closest("form") ?? detail.target;
  const box = make("div", { innerHTML: detail.xhr.response }).firstElementChild;
  if (form.previousElementSibling?.matches("[data-problem]")) form.previousElementSibling.remove();
  form.before(box);
  box.focus();
});
on("htmx:sendError", ({ detail }) => later(detail));
on("htmx:timeout", ({ detail }) => later(detail));
on("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = token();
  const pressed = detail.triggeringEvent?.submitter; // htmx overlooks a button that stands outside its form
  if (pressed?.name && pressed.form === detail.elt) detail.parameters[pressed.name] = pressed.value;
});
on("htmx:afterSettle", ({ detail }) => $("[data-problem]", detail.target?.parentElement ?? document)?.focus());
