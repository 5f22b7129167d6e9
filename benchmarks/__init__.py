"""Benchmarks: each runs alone, prints what it measured, and fails where a goal is missed."""
