"""Pages of what a landlord asks to change."""
