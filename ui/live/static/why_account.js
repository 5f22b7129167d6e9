// A sum written out line by line: what speaks for, what against, the rest, and what it comes to.

import { element, setAttribute, setText } from "./element.js";

/**
 * @returns {{element: HTMLElement, show: (lines: {label: string, text: string, amount: number}[]) => void}}
 *   the last line is the total
 */
export function account() {
  const body = element("tbody");
  const table = element("table", { class: "sl-account", "data-testid": "account" }, body);
  let rows = [];
  const show = (lines) => {
    if (rows.length !== lines.length) {
      rows = lines.map(makeRow);
      body.replaceChildren(...rows.map(({ row }) => row));
    }
    const largest = Math.max(...lines.map(({ amount }) => Math.abs(amount)), 1e-9);
    lines.forEach((line, i) => fill(rows[i], line, largest));
    rows.forEach(({ row }, i) => row.classList.toggle("sl-total", i === rows.length - 1));
  };
  return { element: table, show };
}

function makeRow() {
  const made = {
    label: element("th", { scope: "row" }),
    fill: element("span", { class: "sl-account-fill" }),
    value: element("td", { class: "sl-number" }),
  };
  made.row = element("tr", {}, made.label,
    element("td", { class: "sl-account-bar", "aria-hidden": "true" }, made.fill), made.value);
  return made;
}

function fill({ label, fill: bar, value }, line, largest) {
  setText(label, line.label);
  setText(value, line.text);
  setAttribute(value, "data-part", line.text.replace("−", "-"));
  value.classList.toggle("sl-for", line.amount > 0);
  value.classList.toggle("sl-against", line.amount < 0);
  bar.classList.toggle("sl-negative", line.amount < 0);
  bar.style.transform = `scaleX(${Math.abs(line.amount) / largest})`;
}
