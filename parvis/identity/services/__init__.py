"""Verbs of identity: each writes in one transaction."""
