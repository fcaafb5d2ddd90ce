// Single keys (UX 3.2): matched on event.key, never on position; off while composing, typing, or in a dialog.
import { $, $$, isVisible, on, root } from "./dom.js";

const mode = root.dataset.keys; // on | ctrl (only Ctrl+K and Ctrl+Enter) | off
const map = JSON.parse(root.dataset.keymap || "{}"); // {our key: the reader's key}
const ours = Object.fromEntries(Object.entries(map).map(([key, own]) => [own, key]));
let prefix = "";

const isText = (target) =>
  target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
  (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|file)$/.test(target.type));

/** The list row that the keyboard is in. */
export const currentRow = () => document.activeElement?.closest("tr, .tile");

const target = (key) => {
  const row = currentRow();
  const own = row && $$("[data-row-key]", row).find((each) => each.dataset.rowKey === key);
  const all = $$("[data-key]").filter((each) => each.dataset.key === key);
  const found = own ?? all.find(isVisible);
  if (found) return found;
  const bulk = all.find((each) => each.closest(".bulk"));
  const tick = bulk && row && $(".pick input", row);
  if (!tick) return null;
  tick.click(); // a verb on one row is the same verb on many
  return isVisible(bulk) ? bulk : null;
};

const press = (element) => {
  if (/^(INPUT|TEXTAREA)$/.test(element.tagName) && !/^(radio|checkbox)$/.test(element.type)) {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
  if (element.dataset.focus) $(element.dataset.focus)?.focus();
};

const sheet = () => {
  const list = $("#keys-list");
  if (!list) return;
  const seen = new Set();
  list.replaceChildren(...$$("[data-key]").filter((each) => !seen.has(each.dataset.key) && seen.add(each.dataset.key)).map((each) => {
    const line = document.createElement("div");
    const name = each.getAttribute("aria-label") || each.placeholder || each.labels?.[0]?.textContent || each.textContent;
    line.append(Object.assign(document.createElement("span"), { textContent: name.replace(each.querySelector?.("kbd")?.textContent ?? "", "").trim() }));
    line.append(Object.assign(document.createElement("kbd"), { textContent: map[each.dataset.key] ?? each.dataset.key }));
    return line;
  }));
};

export const openDialog = (id) => {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  if (id === "keys") sheet();
  dialog.showModal();
};

on("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || mode === "off") return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === "Enter") {
    const form = event.target.form ?? event.target.closest("form");
    if (!form || $("dialog[open]")?.id === "palette") return;
    event.preventDefault();
    form.requestSubmit($$(".primary", form).find((each) => isVisible(each) && each.type === "submit"));
    return;
  }
  if (mode !== "on" || control || event.altKey || isText(event.target) || $("dialog[open]")) return;
  const pressed = prefix + event.key;
  prefix = event.key === "g" && !prefix ? "g " : "";
  const key = ours[pressed] ?? (map[pressed] ? "" : pressed);
  if (key === "?") {
    event.preventDefault();
    openDialog("keys");
    return;
  }
  const element = key && target(key);
  if (!element) return;
  event.preventDefault();
  press(element);
});

on("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener && document.getElementById(opener.dataset.open)) {
    event.preventDefault();
    openDialog(opener.dataset.open);
  }
});

export const showOwnKeys = () => {
  for (const kbd of $$("[data-key] > kbd")) {
    const key = kbd.parentElement.dataset.key;
    if (mode !== "on") kbd.hidden = true;
    else if (map[key]) kbd.textContent = map[key];
  }
};
