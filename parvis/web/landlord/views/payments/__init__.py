"""Pages of the payments received."""
