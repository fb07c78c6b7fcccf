"""Verbs that write what the office knows."""
