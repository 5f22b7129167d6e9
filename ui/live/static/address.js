// Where the server's own routes are: always below the page's base address (proxies, sub-paths).

/**
 * @param {string} path below lab/, for example "frame"
 * @param {Object<string, string|number>} [query]
 * @returns {string} the absolute address
 */
export function labAddress(path, query = {}) {
  const address = new URL(`lab/${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.href;
}
