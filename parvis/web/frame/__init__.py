"""What every page shares: access, menu, errors, headers."""
