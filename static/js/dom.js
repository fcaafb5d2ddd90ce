export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const on = (type, listener) => document.addEventListener(type, listener);
export const make = (tag, values, ...children) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};
export const isVisible = (element) => element.getClientRects().length > 0 && !element.disabled;
export const clock = () => new Date().toTimeString().slice(0, 5);
export const now = () => Date.now() / 1000;

/** A sentence in the reader's language, from #words; with a number, its singular or plural. */
export const word = (key, n) => {
  const words = $("#words")?.dataset ?? {};
  return n === undefined ? words[key] ?? "" : words[key + (n === 1 ? "1" : "n")]?.replace("#", n) ?? "";
};

export const token = () => $("[name=csrfmiddlewaretoken]")?.value ?? "";
export const post = (url, values) =>
  fetch(url, { method: "POST", body: new URLSearchParams(values), headers: { "X-CSRFToken": token(), "HX-Request": "true" } });

export const say = (text) => {
  const toast = make("div", { className: "toast", textContent: text });
  toast.dataset.toast = "";
  $("#toasts")?.append(toast);
};
export const note = (form, sentence) => {
  const place = form && $("[data-draft-note]", form);
  if (place) place.textContent = sentence;
  return place;
};
