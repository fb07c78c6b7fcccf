"""Addresses of the back office, topic by topic."""
