"""The live view: components that draw in the browser, and the routes that feed them."""
