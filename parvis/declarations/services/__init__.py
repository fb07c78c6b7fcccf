"""Verbs that write declarations and campaigns."""
