"""What is typed on the organisation pages."""
