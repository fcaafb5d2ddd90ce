// Who else is here: a beat every 15 s while the page is visible; text, not colour alone.
import { $, on, post } from "./dom.js";

const box = $("[data-presence]");
let typedAt = 0;
const beat = async () => {
  if (document.hidden) return;
  try {
    const answer = await post(box.dataset.presence, { state: Date.now() - typedAt < 20000 ? "typing" : "viewing" });
    if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
  } catch { /* the next beat tries again */ }
};
if (box) {
  on("input", (event) => { if (event.target.closest(".composer")) typedAt = Date.now(); });
  setInterval(beat, 15000);
  beat();
}
