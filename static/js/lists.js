// Next and previous in the list that one came from (UX 3.2: Shift+J, Shift+K, u): kept in this tab, in its order.
import { $, $$, on } from "./dom.js";

const KEPT = "list";

const keep = () => {
  const rows = $$("main [data-row]").map((link) => new URL(link.href).pathname);
  if (rows.length) sessionStorage.setItem(KEPT, JSON.stringify({ url: location.pathname + location.search, rows: [...new Set(rows)] }));
};
on("click", ({ target }) => target.closest?.("[data-row]") && keep());

const place = $("[data-list-nav]");
const list = place && JSON.parse(sessionStorage.getItem(KEPT) || "null");
const here = list ? list.rows.indexOf(location.pathname) : -1;
if (here >= 0) {
  const to = { back: list.url, previous: list.rows[here - 1], next: list.rows[here + 1] };
  for (const link of $$("[data-to]")) {
    const url = to[link.dataset.to];
    link.hidden = !url;
    if (url) link.href = url;
  }
  place.hidden = false;
}
