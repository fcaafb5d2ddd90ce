// Moving and selecting in lists: j k, x, Shift+x and Shift+click, Esc, "select all", the count in the bulk bar.
import { $, $$, isVisible, on, root, word } from "./dom.js";
import { currentRow } from "./keys.js";

let last = null;
const boxes = (form) => $$("tbody .pick input", form);

const count = (form) => {
  if (!form) return;
  const all = boxes(form);
  const n = all.filter((box) => box.checked).length;
  const label = $("[data-selected]", form);
  if (label) label.textContent = word("selected", n);
  const whole = $("[data-pick-all]", form);
  if (whole) {
    whole.checked = n > 0 && n === all.length;
    whole.indeterminate = n > 0 && n < all.length;
  }
};

const range = (box) => {
  const all = boxes(box.form);
  const from = all.indexOf(last);
  const to = all.indexOf(box);
  if (from < 0 || to < 0) return;
  for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked;
};

on("click", (event) => {
  const box = event.target.closest?.("tbody .pick input");
  if (!box) return;
  if (event.shiftKey) range(box);
  last = box;
  count(box.form);
});

on("change", (event) => {
  if (!event.target.matches("[data-pick-all]")) return;
  for (const box of boxes(event.target.form)) box.checked = event.target.checked;
  count(event.target.form);
});

const move = (step) => {
  const rows = $$("[data-row]").filter(isVisible);
  const row = currentRow();
  const here = rows.findIndex((each) => each === document.activeElement || (row && row.contains(each)));
  const next = rows[here < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, here + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return rows.length > 0;
};

const tick = (extend) => {
  const box = $(".pick input", currentRow() ?? undefined);
  if (!box || !currentRow()) return false;
  box.checked = extend ? true : !box.checked;
  if (extend) range(box);
  last = box;
  count(box.form);
  return true;
};

on("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (root.dataset.keys !== "on" || $("dialog[open]") || event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return;
  const actions = { j: () => move(1), k: () => move(-1), x: () => tick(false), X: () => tick(true), Escape: clear };
  if (actions[event.key]?.()) event.preventDefault();
});

const clear = () => {
  const ticked = $$("tbody .pick input:checked");
  for (const box of ticked) box.checked = false;
  count(ticked[0]?.form);
  return ticked.length > 0;
};
on("htmx:afterSettle", () => $$("form:has([data-selected])").forEach(count));
