// SLA clocks count on by themselves, in working time, from the server's figures. Colour never says it alone.
import { $, $$, now, root, word } from "./dom.js";

const offset = Number(root.dataset.now || now()) - now();

const text = (seconds) => {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  const pattern = h === 0 ? "m" : h >= 10 || m === 0 ? "h" : "hm";
  return (seconds < 0 && minutes > 0 ? "−" : "") + word(pattern).replace("%h", h).replace("%m", m);
};

const tick = (clock) => {
  const { left, at, stops, risk, state } = clock.dataset;
  const time = now() + offset;
  const passed = Math.max(0, Math.min(time, Number(stops) || Infinity) - (Number(at) || time));
  const rest = Number(left) - passed;
  const next = rest < 0 ? "breach" : risk !== undefined && rest <= Number(risk) ? "risk" : state;
  const number = $("[data-num]", clock);
  if (number) number.textContent = text(rest);
  if (next === state || state === "breach") return;
  clock.dataset.state = next;
  $("[data-word]", clock).textContent = word(next);
  const use = $("use", clock);
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${next}`));
};

export const tickAll = () => $$("[data-clock]").forEach(tick);
setInterval(() => document.hidden || tickAll(), 30000);
