"""What a user would pick instead, doing the same work: one module for each library."""
