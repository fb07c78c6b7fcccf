"""Values and habits, no business: what every room may lean on."""
