// Making and changing page elements in one line each.

/**
 * @param {string} tag
 * @param {Object<string, string|number|boolean|null>} [attributes] null and false are left out
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  made.append(...children);
  return made;
}

/**
 * Set an attribute only where it differs, so that observers and screen readers see real changes.
 * @param {Element} target
 * @param {string} name
 * @param {string|number|boolean|null|undefined} value null, undefined and false remove it
 */
export function setAttribute(target, name, value) {
  if (value === null || value === undefined || value === false) {
    target.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (target.getAttribute(name) !== text) target.setAttribute(name, text);
}

/**
 * Set the text of an element only where it differs.
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
