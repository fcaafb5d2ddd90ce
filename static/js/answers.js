// What an answer that is no page says: its reason in words.
import { $, say, word } from "./dom.js";

export const tell = (xhr) => {
  const page = new DOMParser().parseFromString(xhr.response, "text/html");
  say($("[data-reason]", page)?.textContent ?? word(xhr.status === 403 ? "forbidden" : "failed"));
};
