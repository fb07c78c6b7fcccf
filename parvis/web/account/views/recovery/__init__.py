"""Pages of those who are not in yet, or in no more."""
