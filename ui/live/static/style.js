// The style sheets of the live view, each linked once into the page.

/**
 * Link a style sheet into document.head unless it is there already.
 * @param {string} [name] lab for what all views share, or the name of a page's own
 */
export function linkStyle(name = "lab") {
  const id = `sl-style-${name}`;
  if (document.getElementById(id)) return;
  const link = document.createElement("link");
  link.id = id;
  link.rel = "stylesheet";
  link.href = new URL(`${name}.css`, import.meta.url).href;
  document.head.append(link);
}
