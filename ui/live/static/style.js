// The one style sheet of the live view, linked once into the page.

const ID = "sl-style";

/** Link lab.css into document.head unless it is there already. */
export function linkStyle() {
  if (document.getElementById(ID)) return;
  const link = document.createElement("link");
  link.id = ID;
  link.rel = "stylesheet";
  link.href = new URL("lab.css", import.meta.url).href;
  document.head.append(link);
}
