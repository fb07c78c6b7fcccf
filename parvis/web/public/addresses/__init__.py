"""Addresses of the public pages, one file a topic."""
