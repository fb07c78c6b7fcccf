"""Verbs: each in one transaction, with rule, change, journal and message."""
