"""What must be true of the whole database at every moment (security.md §4.2): asked nightly, after a restore, after a fault."""
