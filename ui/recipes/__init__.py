"""The sections of the page Recipes, and how a recipe becomes the run."""
