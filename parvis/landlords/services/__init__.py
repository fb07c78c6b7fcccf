"""Verbs of landlords: each writes in one transaction."""
