// One view per place in the page, kept over the reruns in which Streamlit calls a component again.

import { linkStyle } from "./style.js";

/**
 * Turn a view into the default export Streamlit calls: built at the first call, updated at later ones.
 *
 * Streamlit may run the clean-up of an earlier call after a later call (both wait for the same
 * import), so only the clean-up of the latest call takes the view down.
 * @param {(component: Object) => {element: HTMLElement, update: Function, stop: Function}} build
 * @returns {(component: {data: Object, parentElement: HTMLElement}) => (() => void)}
 */
export function mounted(build) {
  const places = new WeakMap();
  return function mount(component) {
    const { parentElement } = component;
    linkStyle();
    const place = places.get(parentElement) ?? { view: build(component), calls: 0 };
    places.set(parentElement, place);
    if (!parentElement.contains(place.view.element)) parentElement.append(place.view.element);
    place.view.update(component);
    const call = ++place.calls;
    return () => {
      if (place.calls !== call) return;
      place.calls += 1;
      places.delete(parentElement);
      place.view.stop();
      place.view.element.remove();
    };
  };
}
