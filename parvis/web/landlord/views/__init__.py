"""Landlord pages, one file a topic."""
