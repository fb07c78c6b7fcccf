"""Views of the organisation pages."""
