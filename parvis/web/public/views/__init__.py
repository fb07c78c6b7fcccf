"""Public pages, one file a topic."""
