// Nothing typed is lost (UX G9): mirrored in this tab at once, sent to the server after 800 ms of rest.
import { $, $$, clock, on, post, token, word } from "./dom.js";

const timers = new Map();
const typed = new Set();
const mirror = (field) => `draft:${field.dataset.draft}`;
const url = (field) => field.dataset.draftUrl || `/drafts/${encodeURIComponent(field.dataset.draft)}/`;

const note = (field, text) => {
  const place = field.form && $("[data-draft-note]", field.form);
  if (place) place.textContent = text;
};

const save = async (field) => {
  timers.delete(field);
  const text = field.value;
  try {
    const answer = await post(url(field), { text });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    if (field.value === text) typed.delete(field);
    note(field, `${word("saved")} ${clock()}`);
  } catch {
    note(field, word("offline"));
    timers.set(field, setTimeout(save, 5000, field));
  }
};

on("input", (event) => {
  const field = event.target;
  if (!field.dataset?.draft) return;
  sessionStorage.setItem(mirror(field), JSON.stringify({ text: field.value, at: Date.now() / 1000 }));
  typed.add(field);
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(save, 800, field));
});

/** Forget what the server has taken over: the key of a spent draft. */
const forget = (key) => sessionStorage.removeItem(`draft:${key}`);

const restore = (field) => {
  if (field.dataset.restored) return;
  field.dataset.restored = "1";
  const kept = JSON.parse(sessionStorage.getItem(mirror(field)) || "null");
  if (!kept || kept.text === field.value || !kept.text) return;
  if (field.value && kept.at < Number(field.dataset.draftAt || 0)) return; // the server's copy is newer
  field.value = kept.text;
  note(field, word("restored"));
  typed.add(field);
  timers.set(field, setTimeout(save, 800, field));
};

export const restoreAll = () => {
  for (const done of $$("[data-done]")) forget(done.dataset.done);
  $$("[data-draft]").forEach(restore);
};

on("submit", (event) => {
  for (const field of $$("[data-draft]", event.target)) {
    clearTimeout(timers.get(field)); // the form itself carries the text now; the mirror stays until the server has it
    timers.delete(field);
    typed.delete(field);
  }
});

on("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful || detail.requestConfig.verb === "get" || !detail.elt.matches("form")) return;
  for (const field of $$("[data-draft]", detail.elt)) forget(field.dataset.draft);
});

addEventListener("pagehide", () => {
  for (const field of typed) {
    navigator.sendBeacon(url(field), new URLSearchParams({ text: field.value, csrfmiddlewaretoken: token() }));
  }
});
