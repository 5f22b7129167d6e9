"""What belongs to the page Why? beside its live view."""
