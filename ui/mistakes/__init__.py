"""The parts of the page Mistakes that are not drawn in the browser."""
