// Who else is here: a beat every 15 s while the page is visible; text, not colour alone.
import { $, now, on, post } from "./dom.js";

const box = $("[data-presence]");
let typedAt = 0;
const beat = async () => {
  if (document.hidden) return;
  try {
    const answer = await post(box.dataset.presence, { state: now() - typedAt < 20 ? "typing" : "viewing" });
    if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
  } catch { /* the next beat tries again */ }
};
on("input", ({ target }) => {
  if (target.closest(".composer")) typedAt = now();
});
setInterval(beat, 15000);
beat();
on("htmx:afterSettle", ({ detail }) => { // the words are sent: keys mean the record again
  const { activeElement: field } = document;
  if (detail.requestConfig?.verb === "post" && field.id === "composer-text" && !field.value) field.blur();
});
