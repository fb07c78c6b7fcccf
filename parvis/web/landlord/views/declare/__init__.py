"""Declarations about one tenancy: chosen, answered, checked, sent, found again."""
