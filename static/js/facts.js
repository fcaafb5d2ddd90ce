// Facts in their places: what was being typed when the page went away comes back; Cancel gives it up.
import { $$, on, token } from "./dom.js";
import { giveUp } from "./net.js";

const kept = Object.keys(sessionStorage).map((key) => key.replace(/^draft:|\.[^.]*$/g, ""));
for (const link of $$("[data-typed]").filter((each) => kept.includes(each.dataset.typed))) {
  window.htmx.ajax("get", link.href, { target: link.getAttribute("hx-target"), swap: "outerHTML" });
}
on("click", ({ target }) => {
  const link = target.closest?.("[data-forget]");
  if (!link) return;
  const key = link.dataset.forget;
  giveUp(link.closest("form, .merge"), key);
  fetch(`/drafts/${encodeURIComponent(key)}/`, { method: "DELETE", keepalive: true, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
});
