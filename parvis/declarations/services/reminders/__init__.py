"""Reminders of July rents: to those who have some left, and to no one else (product.md §5)."""
