// What moves by itself: live lists, SLA clocks. Only while the page is visible.
import { $, $$, clock, now, on, root, word } from "./dom.js";

// Cells change in place; a row in use and the order of a list in use wait behind "3 changes – press . to apply".
const USED = ":hover, :focus-within, :has(.pick input:checked), :has(details[open])";
const versions = new Map(); // row id → the server's last text of it
const waiting = new Map(); // list → rows that wait
const failures = new Map(); // poll → how often, since when

const text = (row) => row.outerHTML.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");
const isPoll = (element) => element.matches("[data-live], [data-poll]");
export const remember = () => {
  for (const row of $$("[data-live] > [id]")) if (!versions.has(row.id)) versions.set(row.id, text(row));
};

const patch = (row, fresh) => {
  versions.set(row.id, text(fresh));
  for (const { name, value } of fresh.attributes) row.setAttribute(name, value);
  const cells = [...fresh.children];
  if (cells.length !== row.children.length) row.replaceChildren(...cells);
  else [...row.children].forEach((cell, i) => cell.matches(".pick") || cell.outerHTML === cells[i].outerHTML || cell.replaceWith(cells[i]));
  window.htmx.process(row);
};

const bar = (list, n) => {
  const place = $(`[data-pending="${list.id}"]`);
  if (!place) return;
  place.hidden = n === 0;
  if (n) $("button", place).textContent = word("pending", n);
};

const apply = (list) => {
  const rows = waiting.get(list) ?? [...list.children];
  waiting.delete(list);
  bar(list, 0);
  const focused = document.activeElement;
  const old = new Map([...list.children].map((row) => [row.id, row]));
  list.replaceChildren(...rows.map((fresh) => {
    const row = old.get(fresh.id);
    if (!row) versions.set(fresh.id, text(fresh));
    else if (row !== fresh && versions.get(row.id) !== text(fresh)) patch(row, fresh);
    return row ?? fresh;
  }));
  if (focused.isConnected) focused.focus({ preventScroll: true });
  window.htmx.process(list);
};

const take = (list, rows) => {
  const here = [...list.children].map((row) => row.id);
  const there = rows.map((row) => row.id);
  const kept = there.filter((id) => here.includes(id));
  const changes = new Set([...here, ...there].filter((id) => !kept.includes(id)));
  here.filter((id) => kept.includes(id)).forEach((id, i) => id === kept[i] || changes.add(id));
  for (const fresh of rows) {
    const row = document.getElementById(fresh.id);
    if (!row || versions.get(row.id) === text(fresh)) continue;
    if (row.matches(USED)) changes.add(row.id);
    else patch(row, fresh.cloneNode(true));
  }
  waiting.set(list, rows);
  if (changes.size && list.matches(USED)) bar(list, changes.size);
  else if (changes.size) apply(list);
  else if (waiting.delete(list)) bar(list, 0);
};

on("htmx:beforeSwap", ({ detail }) => {
  const { target: list, xhr } = detail;
  if (!list.matches?.("[data-live]") || detail.requestConfig.elt !== list || xhr.status !== 200) return;
  detail.shouldSwap = false;
  const holder = document.createElement("template");
  holder.innerHTML = xhr.response;
  const parts = $$("[hx-swap-oob]", holder.content);
  for (const part of parts) {
    part.remove();
    part.removeAttribute("hx-swap-oob");
    const place = document.getElementById(part.id);
    if (!place?.matches(":focus-within")) place?.replaceWith(part);
  }
  list.dataset.tag = xhr.getResponseHeader("ETag") ?? "";
  take(list, [...holder.content.children].filter((each) => each.id));
});
for (const type of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) {
  on(type, ({ detail }) => {
    if (detail.target.matches?.("[data-calm]:focus-within")) detail.shouldSwap = false; // suggestions stay while in use
  });
}
on("htmx:configRequest", ({ detail }) => {
  const tag = detail.elt.dataset?.tag;
  if (tag && detail.verb === "get") detail.headers["If-None-Match"] = tag;
});
on("htmx:beforeRequest", (event) => {
  if (document.hidden && isPoll(event.detail.elt)) event.preventDefault();
});
on("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  if (!isPoll(elt)) return;
  const isFine = xhr.status >= 200 && xhr.status < 400;
  const failed = isFine ? { n: 0 } : failures.get(elt) ?? { n: 0, since: clock() };
  if (!isFine) failed.n += 1;
  failures.set(elt, failed);
  const place = $(`[data-live-note="${elt.id}"]`);
  if (place) place.textContent = failed.n < 3 ? "" : `${word("notlive")} ${failed.since}`;
  if (waiting.has(elt) && !elt.matches(USED)) apply(elt);
});
on("click", ({ target }) => {
  const place = target.closest?.("[data-pending]");
  if (place) apply(document.getElementById(place.dataset.pending));
});

// SLA clocks count on in working time, from the server's figures. Word and shape change with the colour.
const offset = Number(root.dataset.now || now()) - now();
const length = (seconds) => {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  const pattern = h === 0 ? "m" : h >= 10 || m === 0 ? "h" : "hm";
  return (seconds < 0 && minutes > 0 ? "−" : "") + word(pattern).replace("%h", h).replace("%m", m);
};
export const tickAll = () => $$("[data-clock]").forEach((face) => {
  const { left, at, stops, risk, state } = face.dataset;
  const time = now() + offset;
  const rest = left - Math.max(0, Math.min(time, stops || Infinity) - (at || time));
  const next = rest < 0 ? "breach" : risk !== undefined && rest <= Number(risk) ? "risk" : state;
  const number = $("[data-num]", face);
  if (number) number.textContent = length(rest);
  if (next === state || state === "breach") return;
  face.dataset.state = next;
  $("[data-word]", face).textContent = word(next);
  const use = $("use", face);
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${next}`));
});
setInterval(() => document.hidden || tickAll(), 30000);

on("visibilitychange", () => {
  if (document.hidden) return;
  for (const poll of $$("[data-live], [data-poll]")) window.htmx.trigger(poll, "poll");
  tickAll();
});
