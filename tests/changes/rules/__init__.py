"""The rules of what a landlord asks to change."""
