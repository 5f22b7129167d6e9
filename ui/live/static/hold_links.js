// Links wait a moment after the pen was lifted, until the canvas has told Streamlit its strokes.

// The canvas tells them 200 ms after the pen is lifted. Told after another page has been asked
// for, they would ask for the page that was left, and the new one would stay blank.
const WAIT = 400;

/** Hold a click on a link for at most WAIT milliseconds from now; other clicks are not touched. */
export function holdLinks() {
  const held = { link: null };
  const hold = (event) => {
    const link = linkOf(event);
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.link = link;
  };
  document.addEventListener("click", hold, { capture: true });
  setTimeout(() => {
    document.removeEventListener("click", hold, { capture: true });
    if (held.link?.isConnected) held.link.click();
  }, WAIT);
}

/** The link to another page of the app that was clicked; a new tab or a download leaves nothing. */
function linkOf(event) {
  if (event.button > 0 || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
  return link && link.origin === location.origin && !link.download && !link.target ? link : null;
}
