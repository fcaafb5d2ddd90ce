// The sheet of keys: what this page's controls are called and which key each has. And copying, which is rare too.
import { $, $$, make, say, word } from "./dom.js";

/** What a control is called, without the key that it shows. */
export const nameOf = (element) => {
  const host = (element.labels?.[0] ?? element).cloneNode(true);
  for (const kbd of $$("kbd", host)) kbd.remove();
  return (element.getAttribute("aria-label") || element.placeholder || host.textContent).trim();
};

/** Write the sheet; `map` is {our key: the reader's key}. */
export const fill = (map) => {
  const names = new Map($$("[data-key]").map((each) => [each.dataset.key, nameOf(each)]));
  $("#keys-list").replaceChildren(...[...names].map(([key, name]) =>
    make("div", {}, make("span", { textContent: name }), make("kbd", { textContent: map[key] ?? key }))));
};

/** Number, title and link of a row, or of the record of this page, for a mail. */
export const copy = async (row) => {
  const link = row && $("[data-row]", row);
  const { record, title } = $("[data-record]")?.dataset ?? {};
  if (!link && !record) return;
  await navigator.clipboard.writeText(link ? `${row.innerText.trim().replace(/\s+/g, " ")} ${link.href}` : `${record} ${title} ${location.href}`);
  say(word("copied"));
};
