import { $, $$, on, root, word } from "./dom.js";
import { showOwnKeys } from "./keys.js";
import "./select.js";
import { remember } from "./live.js";
import { tickAll } from "./ticker.js";
import { restoreAll } from "./draft.js";
import "./net.js";
import "./palette.js";
import "./presence.js";

root.classList.add("js");

const fresh = () => {
  remember();
  tickAll();
  restoreAll();
  showOwnKeys();
  for (const toast of $$("[data-toast]:not([data-timed])")) {
    toast.dataset.timed = "1";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : toast.remove());
    setTimeout(leave, 10000);
  }
};
fresh();
$("[data-problem]")?.focus();
on("htmx:afterSettle", fresh);
new MutationObserver(fresh).observe($("#toasts"), { childList: true });

on("click", (event) => {
  for (const menu of $$(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
on("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of $$(".menu[open]")) {
    menu.open = false;
    $("summary", menu).focus();
  }
});
on("change", ({ target }) => {
  const limit = Number(target.dataset?.maxBytes);
  if (!limit || !target.files) return;
  const isTooBig = [...target.files].some((file) => file.size > limit);
  target.setCustomValidity(isTooBig ? word("toobig").replace("#", Math.floor(limit / 2 ** 20)) : "");
  target.reportValidity();
});
