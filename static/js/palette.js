// The search box of the top bar is the palette: go to a thing, or do a thing to the thing in front of me.
import { $, $$, isVisible, make, word } from "./dom.js";
import { nameOf } from "./sheet.js";

const dialog = $("#palette");
const input = $("#palette-input");
const list = $("#palette-list");
let timer = 0;
let asked = 0;

const options = () => $$("[role=option]", list);
const select = (option) => {
  for (const each of options()) each.setAttribute("aria-selected", each === option);
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
};

const local = (query) => {
  const wanted = query.replace(/^>\s*/, "").toLowerCase();
  const controls = $$("a[data-key], button[data-key]").filter((each) => isVisible(each) && !each.closest("dialog"));
  const named = new Map(controls.map((each) => [nameOf(each), each]));
  const found = [...named].filter(([name]) => name && name.toLowerCase().includes(wanted)).slice(0, 6);
  const lines = found.map(([name, control]) => {
    const line = make("div", {}, make("span", { className: "grow", textContent: name }), make("kbd", { textContent: control.dataset.key }));
    line.setAttribute("role", "option");
    line.addEventListener("click", () => { dialog.close(); control.click(); });
    return line;
  });
  if (!lines.length) return [];
  const group = make("div", {}, make("div", { className: "group", textContent: list.dataset.actions }), ...lines);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", list.dataset.actions);
  return [group];
};

const render = (html) => {
  const found = document.createElement("template");
  found.innerHTML = html;
  list.replaceChildren(...local(input.value), found.content);
  options().forEach((each, i) => { each.id = `palette-${i}`; });
  select(options()[0]);
  $("#palette-count").textContent = word("results", options().length);
};

const ask = async () => {
  const mine = ++asked;
  let html = "";
  try {
    const answer = await fetch(`${list.dataset.url}?${new URLSearchParams({ q: input.value, palette: "1" })}`, { headers: { "HX-Request": "true" } });
    if (answer.ok && !answer.redirected) html = await answer.text();
  } catch { /* what is on this page still shows */ }
  if (mine === asked) render(html);
};

export const open = (text) => {
  if ($("dialog[open]")) return;
  input.value = text;
  render("");
  dialog.showModal();
  input.focus();
  ask();
};

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
input.addEventListener("keydown", (event) => {
  const all = options();
  const here = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing || here < 0 || (!step && event.key !== "Enter")) return;
  event.preventDefault();
  if (step) select(all[(here + step + all.length) % all.length]);
  else if (all[here].href && (event.ctrlKey || event.metaKey)) window.open(all[here].href);
  else all[here].click();
});
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
