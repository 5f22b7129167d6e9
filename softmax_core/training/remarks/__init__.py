"""What can be said of a run: one rule each, a condition that is computed and its sentence."""
