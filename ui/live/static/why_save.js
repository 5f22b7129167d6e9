// A link that keeps what is on screen as a picture with its sentence.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { word } from "./words.js";

/**
 * @param {{data: () => Object}} context of the page
 * @param {() => Object} question what is on screen when the link is followed
 * @param {string} picture its name on the server
 * @returns {{element: HTMLElement, show: (data: Object) => void}}
 */
export function saveLink({ data }, question, picture) {
  const link = element("a", { class: "sl-button sl-save", download: `why-${picture}.png`, href: "#" });
  // The address is made as late as possible, so that it asks for what is on screen.
  const aim = () => {
    const query = { t: data().token, section: sectionOf(picture), picture, ...question() };
    setAttribute(link, "href", labAddress("why/picture", query));
  };
  for (const kind of ["pointerdown", "focus", "click", "contextmenu"]) link.addEventListener(kind, aim);
  return { element: link, show: (given) => setText(link, word(given, "why_save")) };
}

function sectionOf(picture) {
  return picture === "change" ? "contrast" : picture;
}
