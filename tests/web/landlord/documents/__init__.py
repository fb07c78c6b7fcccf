"""Documents received and sent."""
