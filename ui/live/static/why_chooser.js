// A native list to choose a class from.

import { element, setAttribute } from "./element.js";

/**
 * @param {string} id for tests
 * @param {(k: number) => void} onChoose
 * @returns {{element: HTMLSelectElement, value: () => number,
 *   show: (names: string[], k: number, label: string) => void}}
 */
export function chooser(id, onChoose) {
  const list = element("select", { class: "sl-select", "data-testid": id });
  list.addEventListener("change", () => onChoose(list.selectedIndex));
  let known = "";
  const show = (names, k, label) => {
    setAttribute(list, "aria-label", label);
    if (known !== names.join("\n")) {
      list.replaceChildren(...names.map((name, i) => element("option", { value: i }, String(name))));
      known = names.join("\n");
    }
    if (list.selectedIndex !== k) list.selectedIndex = k;
  };
  return { element: list, value: () => list.selectedIndex, show };
}
