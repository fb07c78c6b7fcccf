"""A landlord’s file, as agents find, read and act on it."""
