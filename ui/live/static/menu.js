// The menu of pages on a narrow screen: Streamlit leaves it open over the page that was chosen.

const MENU = "[data-testid=stSidebar]";
const CLOSE = "[data-testid=stSidebarCollapseButton] button";
const NARROW = "(max-width: 768px)"; // from where on Streamlit lays the menu over the page

let watched = false;

/** Put the menu away as soon as a page is chosen in it; safe to repeat. */
export function closeMenuOnChoice() {
  if (watched) return;
  watched = true;
  document.addEventListener("click", ({ target }) => {
    const menu = target instanceof Element && target.closest("a") && target.closest(MENU);
    // Once the click has done its work: Streamlit goes to the page itself.
    if (menu && matchMedia(NARROW).matches) setTimeout(() => menu.querySelector(CLOSE)?.click());
  }, true);
}
