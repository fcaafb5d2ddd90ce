// What is chosen rather than typed: values of a form kept as a draft, files that are too large.
import { clock, note, on, post, word } from "./dom.js";

on("change", ({ target }) => { // what is chosen is kept as what is typed: forms with data-choices-url, one value at a time
  const address = target.form?.dataset.choicesUrl;
  if (!address || !target.matches("select, input[type=radio], input[type=search]")) return;
  post(address.replace("_name_", target.name), { text: target.value }).then(
    ({ ok }) => note(target.form, ok ? `${word("saved")} ${clock()}` : word("offline")),
    () => note(target.form, word("offline")),
  );
});

on("change", ({ target }) => {
  const limit = Number(target.dataset?.maxBytes);
  if (!limit) return;
  const isTooBig = [...target.files].some((file) => file.size > limit);
  target.setCustomValidity(isTooBig ? word("toobig").replace("#", Math.floor(limit / 2 ** 20)) : "");
  target.reportValidity();
});
