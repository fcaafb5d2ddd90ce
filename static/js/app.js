import { $, $$, on, root } from "./dom.js";
import { showOwnKeys } from "./keys.js";
import { remember, tickAll } from "./live.js";
import { restoreAll } from "./net.js";

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
if ($("#toasts")) new MutationObserver(fresh).observe($("#toasts"), { childList: true });

if ($("[data-typed], [data-forget]")) import("./facts.js");
if ($("[data-presence]")) import("./presence.js");
if ($("[data-row], [data-list-nav]")) import("./lists.js");
if ($("[data-max-bytes], [data-choices-url]")) import("./chosen.js");
const openPalette = async (text) => $("#palette") && (await import("./palette.js")).open(text);
const search = $("[data-palette-opener] input");
search?.addEventListener("click", () => openPalette(search.value));
search?.addEventListener("input", () => {
  openPalette(search.value);
  search.value = "";
});
on("keydown", (event) => {
  if (event.key === "k" && (event.ctrlKey || event.metaKey) && root.dataset.keys !== "off") {
    event.preventDefault();
    openPalette("");
  }
  const menu = event.key === "Escape" && $(".menu[open]");
  if (!menu) return;
  menu.open = false;
  $("summary", menu).focus();
});
on("click", ({ target }) => {
  for (const menu of $$(".menu[open]")) if (!menu.contains(target)) menu.open = false;
});
