// Softmax as it is done on paper, with the numbers of this picture.

import { element, setAttribute, setText } from "./element.js";
import { word } from "./words.js";

const HEADS = ["softmax_class", "logit", "softmax_shifted", "softmax_exponential", "softmax_fraction"];

/** @returns {{element: HTMLElement, show: (data: Object, answer: Object) => void}} */
export function softmaxTable() {
  const heads = HEADS.map(() => element("th", { scope: "col" }));
  const title = element("caption");
  const body = element("tbody");
  const foot = element("tfoot");
  const how = element("p", { class: "sl-summary" });
  const table = element("table", { class: "sl-softmax", "data-testid": "softmax" },
    title, element("thead", {}, element("tr", {}, ...heads)), body, foot);
  const made = element("div", {}, table, how);
  const show = (data, answer) => {
    const { softmax } = answer;
    setText(title, word(data, "softmax_title"));
    HEADS.forEach((head, i) => setText(heads[i], word(data, head)));
    fill(body, softmax.rows.length + (softmax.others > 0));
    softmax.rows.forEach((row, i) => write(body.children[i], answer, row));
    if (softmax.others) writeOthers(body.lastElementChild, data, softmax);
    fill(foot, 1);
    setCells(foot.firstElementChild, [word(data, "softmax_sum"), "", "", softmax.total, ""]);
    setText(how, word(data, "softmax_how", softmax));
  };
  return { element: made, show };
}

function fill(part, n) {
  if (part.children.length === n) return;
  part.replaceChildren(...Array.from({ length: n }, () => element("tr", {},
    element("th", { scope: "row" }), ...HEADS.slice(1).map(() => element("td", { class: "sl-number" })))));
}

function write(row, { class_names: names, prediction, k }, line) {
  setCells(row, [names[line.index], line.logit, line.shifted, line.exponential, line.fraction]);
  setAttribute(row, "data-class", line.index);
  row.classList.toggle("sl-winner", line.index === prediction);
  row.classList.toggle("sl-looked-at", line.index === k);
}

function writeOthers(row, data, softmax) {
  const label = word(data, "softmax_others", { n: softmax.others });
  setCells(row, [label, "", "", softmax.others_exponential, softmax.others_fraction]);
  row.classList.remove("sl-winner", "sl-looked-at");
}

function setCells(row, texts) {
  texts.forEach((text, i) => setText(row.children[i], text));
}
