"""Pages of the July rents by file."""
