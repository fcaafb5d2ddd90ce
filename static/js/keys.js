// Single keys (UX 3.2): matched on event.key, never on position; off while composing, typing, or in a dialog.
import { $, $$, isVisible, on, root, word } from "./dom.js";

const mode = root.dataset.keys; // on | ctrl (only Ctrl+K and Ctrl+Enter) | off
const map = JSON.parse(root.dataset.keymap || "{}"); // {our key: the reader's key}
const ours = Object.fromEntries(Object.entries(map).map(([key, own]) => [own, key]));
let prefix = "";
let last = null; // the box that was ticked last: where a range begins

const isText = (target) =>
  target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])");
const currentRow = () => document.activeElement?.closest("tr, .tile");
const boxes = (form) => $$("tbody .pick input", form);

const count = (form) => {
  if (!form) return;
  const all = boxes(form);
  const n = all.filter((box) => box.checked).length;
  const [label, whole] = [$("[data-selected]", form), $("[data-pick-all]", form)];
  if (label) label.textContent = word("selected", n);
  if (!whole) return;
  whole.checked = n > 0 && n === all.length;
  whole.indeterminate = n > 0 && n < all.length;
};

const tick = (box, value, isRange) => {
  const all = boxes(box.form);
  const ends = [all.indexOf(last), all.indexOf(box)];
  const range = isRange && ends[0] >= 0 ? all.slice(Math.min(...ends), Math.max(...ends) + 1) : [box];
  for (const each of range) each.checked = value;
  last = box;
  count(box.form);
};

const move = (step) => {
  const rows = $$("[data-row]").filter(isVisible);
  const row = currentRow();
  const here = rows.findIndex((each) => row?.contains(each));
  const next = rows[here < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, here + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const pick = (isRange) => {
  const row = currentRow();
  const box = row && $(".pick input", row);
  if (box) tick(box, isRange || !box.checked, isRange);
};

const clear = () => {
  for (const box of $$("tbody .pick input:checked")) tick(box, false);
};

const openDialog = async (id) => {
  const dialog = document.getElementById(id);
  if (!dialog) return;
  if (id === "keys") (await import("./sheet.js")).fill(map);
  if (!dialog.open) dialog.showModal();
};

const copy = async () => (await import("./sheet.js")).copy(currentRow());
const actions = { y: copy, "?": () => openDialog("keys"), j: () => move(1), k: () => move(-1), x: () => pick(false), X: () => pick(true), Escape: clear };

const target = (key) => {
  const row = currentRow();
  const own = row && $$("[data-row-key]", row).find((each) => each.dataset.rowKey === key);
  const all = $$("[data-key]").filter((each) => each.dataset.key === key);
  const found = own ?? all.find(isVisible);
  const bulk = all.find((each) => each.closest(".bulk"));
  const box = row && $(".pick input", row);
  if (found || !bulk || !box) return found;
  tick(box, true); // a verb on one row is the same verb on many
  return isVisible(bulk) ? bulk : null;
};

const press = (element) => {
  if (isText(element)) element.focus();
  else element.click();
  element.select?.();
  if (element.dataset.focus) $(element.dataset.focus)?.focus();
};

const send = (event) => {
  const form = event.target.form ?? event.target.closest("form");
  if (!form || form.closest("#palette")) return;
  event.preventDefault();
  form.requestSubmit($$(".primary", form).find((each) => isVisible(each) && each.type === "submit"));
};

const shift = (key) => { // Shift+arrow moves a card on the board, by the button or link that does the same
  const button = currentRow()?.querySelector(`[data-move="${key}"]`);
  button?.click();
  return Boolean(button);
};

on("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || mode === "off") return;
  const isControl = event.ctrlKey || event.metaKey;
  if (isControl && event.key === "Enter") send(event);
  if (mode !== "on" || isControl || event.altKey || isText(event.target) || $("dialog[open]")) return;
  if (event.shiftKey && event.key.startsWith("Arrow")) return shift(event.key) && event.preventDefault();
  const pressed = prefix + event.key;
  prefix = event.key === "g" && !prefix ? "g " : "";
  const key = ours[pressed] ?? (map[pressed] ? "" : pressed);
  const element = key && target(key);
  if (!element && !actions[key]) return;
  if (key !== "Escape") event.preventDefault();
  if (element && key !== "?") press(element);
  else actions[key]();
});

on("click", (event) => {
  const box = event.target.closest?.("tbody .pick input");
  if (box) tick(box, box.checked, event.shiftKey);
  const opener = event.target.closest?.("[data-open]");
  if (!opener || !document.getElementById(opener.dataset.open)) return;
  event.preventDefault();
  openDialog(opener.dataset.open);
});

on("change", ({ target: whole }) => {
  if (!whole.matches("[data-pick-all]")) return;
  for (const box of boxes(whole.form)) box.checked = whole.checked;
  count(whole.form);
});

const moved = location.hash.startsWith("#card-") && document.getElementById(location.hash.slice(1));
if (moved) $("[data-row]", moved)?.focus(); // the card that was just moved keeps the keyboard

export const showOwnKeys = () => {
  for (const kbd of $$("[data-key] > kbd")) {
    const own = map[kbd.parentElement.dataset.key];
    if (mode !== "on") kbd.hidden = true;
    else if (own) kbd.textContent = own;
  }
  $$("form:has([data-selected])").forEach(count);
};
