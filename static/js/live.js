// Lists that follow the server. Cells change in place; a row under pointer, focus, selection or with an open
// disclosure, and the order of a list in use, wait behind "3 changes – press . to apply".
import { $, $$, clock, on, word } from "./dom.js";

const USED = ":hover, :focus-within, :has(.pick input:checked), :has(details[open])";
const versions = new Map(); // row id → the server's last text of it
const waiting = new Map(); // list → rows that wait
const failures = new Map();

const text = (row) => row.outerHTML.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");
export const remember = () => $$("[data-live] > [id]").forEach((row) => versions.has(row.id) || versions.set(row.id, text(row)));

const patch = (row, fresh) => {
  versions.set(row.id, text(fresh));
  for (const { name, value } of fresh.attributes) if (row.getAttribute(name) !== value) row.setAttribute(name, value);
  const cells = [...fresh.children];
  if (cells.length !== row.children.length) row.replaceChildren(...cells);
  else [...row.children].forEach((cell, i) => cell.matches(".pick") || cell.outerHTML === cells[i].outerHTML || cell.replaceWith(cells[i]));
  window.htmx.process(row);
};

const bar = (list, n) => {
  const place = $(`[data-pending="${list.id}"]`);
  if (!place) return;
  place.hidden = n === 0;
  const button = $("button", place);
  if (button && n) button.textContent = word("pending", n);
};

const apply = (list) => {
  const rows = waiting.get(list);
  waiting.delete(list);
  bar(list, 0);
  if (!rows) return;
  const focused = document.activeElement;
  const old = new Map([...list.children].map((row) => [row.id, row]));
  list.replaceChildren(...rows.map((fresh) => {
    const row = old.get(fresh.id);
    if (!row) versions.set(fresh.id, text(fresh));
    else if (versions.get(row.id) !== text(fresh)) patch(row, fresh);
    return row ?? fresh;
  }));
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  window.htmx.process(list);
};

const take = (list, rows) => {
  const here = [...list.children].map((row) => row.id);
  const there = rows.map((row) => row.id);
  const stay = here.filter((id) => there.includes(id));
  const kept = there.filter((id) => here.includes(id));
  const changes = new Set([...here, ...there].filter((id) => !stay.includes(id)));
  stay.forEach((id, i) => id === kept[i] || changes.add(id));
  for (const fresh of rows) {
    const row = document.getElementById(fresh.id);
    if (!row || versions.get(row.id) === text(fresh)) continue;
    if (row.matches(USED)) changes.add(row.id);
    else patch(row, fresh.cloneNode(true));
  }
  if (!changes.size) {
    waiting.delete(list);
    bar(list, 0);
    return;
  }
  waiting.set(list, rows);
  if (list.matches(USED)) bar(list, changes.size);
  else apply(list);
};

on("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target;
  if (!list.matches?.("[data-live]") || detail.requestConfig.elt !== list || detail.xhr.status !== 200) return;
  detail.shouldSwap = false;
  const holder = document.createElement("template");
  holder.innerHTML = detail.xhr.response;
  const parts = [...holder.content.children];
  for (const part of parts.filter((each) => each.matches("[hx-swap-oob]"))) {
    const place = document.getElementById(part.id);
    part.removeAttribute("hx-swap-oob");
    if (place && !place.matches(":focus-within")) place.replaceWith(part);
  }
  list.dataset.tag = detail.xhr.getResponseHeader("ETag") ?? "";
  take(list, parts.filter((each) => each.id && each.isConnected === false && !each.matches(".toasts")));
});

on("htmx:configRequest", ({ detail }) => {
  const tag = detail.elt.dataset?.tag;
  if (tag && detail.verb === "get") detail.headers["If-None-Match"] = tag;
});
on("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.matches("[data-live], [data-poll]")) event.preventDefault();
});
on("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  if (!elt.matches("[data-live], [data-poll]")) return;
  const isFine = xhr.status === 304 || (xhr.status >= 200 && xhr.status < 300);
  const failed = isFine ? null : failures.get(elt) ?? { n: 0, since: clock() };
  if (failed) failures.set(elt, { ...failed, n: failed.n + 1 });
  else failures.delete(elt);
  const place = $(`[data-live-note="${elt.id}"]`);
  if (place) {
    const isOff = (failures.get(elt)?.n ?? 0) >= 3;
    place.textContent = isOff ? `${word("notlive")} ${failed.since}` : "";
    place.classList.toggle("off", isOff);
  }
  if (waiting.has(elt) && !elt.matches(USED)) apply(elt);
});
on("visibilitychange", () => document.hidden || $$("[data-live], [data-poll]").forEach((each) => window.htmx.trigger(each, "poll")));
on("click", (event) => {
  const place = event.target.closest?.("[data-pending]");
  if (place) apply(document.getElementById(place.dataset.pending));
});
