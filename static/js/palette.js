// The search box of the top bar is the palette: go to a thing, or do a thing to the thing in front of me.
import { $, $$, isVisible, on, root, word } from "./dom.js";

const dialog = $("#palette");
const input = $("#palette-input");
const list = $("#palette-list");
let timer = 0;
let asked = 0;

const select = (option) => {
  for (const each of $$("[role=option]", list)) each.setAttribute("aria-selected", String(each === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};

const actions = (query) => {
  const seen = new Set();
  const wanted = query.replace(/^>\s*/, "").toLowerCase();
  return $$("[data-key]").filter((each) => !each.closest("dialog") && isVisible(each) && /^(A|BUTTON)$/.test(each.tagName)).flatMap((each) => {
    const name = (each.getAttribute("aria-label") || each.firstElementChild?.matches("kbd") ? each.getAttribute("aria-label") ?? "" : each.textContent).trim();
    const label = name.replace(new RegExp(`\\s*${each.dataset.key.replace(/\W/g, "\\$&")}$`), "");
    if (!label || seen.has(label) || (wanted && !label.toLowerCase().includes(wanted))) return [];
    seen.add(label);
    return [{ label, key: each.dataset.key, element: each }];
  }).slice(0, 6);
};

const local = (query) => {
  const found = actions(query);
  if (!found.length) return [];
  const head = Object.assign(document.createElement("div"), { className: "group", textContent: list.dataset.actions });
  head.setAttribute("role", "presentation");
  return [head, ...found.map(({ label, key, element }, i) => {
    const option = Object.assign(document.createElement("div"), { id: `palette-do-${i}` });
    option.setAttribute("role", "option");
    option.append(Object.assign(document.createElement("span"), { className: "grow", textContent: label }), Object.assign(document.createElement("kbd"), { textContent: key }));
    option.addEventListener("click", () => { dialog.close(); element.click(); });
    return option;
  })];
};

const render = (query, html) => {
  const found = document.createElement("template");
  found.innerHTML = html;
  list.replaceChildren(...local(query), found.content);
  const options = $$("[role=option]", list);
  options.forEach((each, i) => { each.id ||= `palette-${i}`; });
  select(options[0]);
  $("#palette-count").textContent = word("results", options.length);
};

const ask = async () => {
  const query = input.value;
  const mine = ++asked;
  try {
    const answer = await fetch(`${list.dataset.url}?${new URLSearchParams({ q: query, palette: "1" })}`, { headers: { "HX-Request": "true" } });
    if (mine === asked) render(query, answer.ok ? await answer.text() : "");
  } catch {
    if (mine === asked) render(query, "");
  }
};

const open = (text = "") => {
  if (dialog.open) return;
  input.value = text;
  render(text, "");
  dialog.showModal();
  input.focus();
  if (text) input.setSelectionRange(text.length, text.length);
  ask();
};

const go = (event) => {
  const option = $("[aria-selected=true]", list);
  if (!option) return;
  event.preventDefault();
  const link = $("a", option);
  if (link && (event.ctrlKey || event.metaKey)) window.open(link.href);
  else (link ?? option).click();
};

if (dialog) {
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const options = $$("[role=option]", list);
    const here = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key] && options.length) {
      event.preventDefault();
      select(options[(here + steps[event.key] + options.length) % options.length]);
    } else if (event.key === "Enter") go(event);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && !event.target.closest("a")) $("a", option)?.click();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k" && root.dataset.keys !== "off") {
      event.preventDefault();
      if (!$("dialog[open]")) open();
    }
  });
  const top = $("[data-palette-opener] input");
  top?.addEventListener("click", () => open(top.value));
  top?.addEventListener("input", () => { const text = top.value; top.value = ""; open(text); });
}
