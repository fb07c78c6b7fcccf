"""Ways in for people at a terminal and for the clock."""
