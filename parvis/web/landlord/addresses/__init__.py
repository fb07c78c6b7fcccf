"""Addresses of the landlord pages, one file a topic."""
