"""Verbs of written questions."""
