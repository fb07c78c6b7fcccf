"""Verbs of the agents’ room."""
