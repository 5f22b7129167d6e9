"""Runs that stay on the chart: what they are called, how they differ, and the list of them."""
